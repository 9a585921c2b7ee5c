package io.fashionmnist.training.trainer.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a classifier says of some images, as far as their evaluation needs it: of the probabilities,
 * of which there are as many as images times classes, only what calibration and the worst mistakes
 * are made of.
 *
 * @param lossSum sum of the cross-entropies, in nats
 * @param predicted the likeliest class of each image
 * @param worst the worst mistakes, the worst first
 */
record Predictions(double lossSum, int[] predicted, Calibration calibration, List<Mistake> worst) {

  /**
   * Judges a batch.
   *
   * @param logits a row of {@code classes} for every image
   * @param images the images' indices in their set
   * @param labels the classes of all images of the set
   */
  static Predictions of(float[] logits, int classes, int[] images, short[] labels) {
    double lossSum = 0;
    int[] predicted = new int[images.length];
    double[] probabilities = new double[images.length];
    boolean[] right = new boolean[images.length];
    List<Mistake> mistakes = new ArrayList<>();
    for (int i = 0; i < images.length; i++) {
      int row = i * classes;
      int truth = labels[images[i]];
      int best = largest(logits, row, classes);
      double exponentials = 0;
      for (int c = 0; c < classes; c++) {
        exponentials += Math.exp(logits[row + c] - logits[row + best]);
      }
      lossSum += Math.log(exponentials) + logits[row + best] - logits[row + truth];
      predicted[i] = best;
      probabilities[i] = 1 / exponentials;
      right[i] = best == truth;
      if (!right[i]) {
        mistakes.add(
            new Mistake(
                images[i],
                truth,
                best,
                probabilities[i],
                Math.exp(logits[row + truth] - logits[row + best]) / exponentials));
      }
    }
    return new Predictions(
        lossSum, predicted, Calibration.of(probabilities, right), worst(mistakes.stream()));
  }

  /** The worst of two lists. */
  static List<Mistake> worst(List<Mistake> some, List<Mistake> others) {
    return worst(Stream.concat(some.stream(), others.stream()));
  }

  private static List<Mistake> worst(Stream<Mistake> mistakes) {
    return mistakes.sorted(Mistake.WORST_FIRST).limit(Evaluation.WORST_MISTAKES).toList();
  }

  private static int largest(float[] logits, int row, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[row + c] > logits[row + best]) {
        best = c;
      }
    }
    return best;
  }
}
