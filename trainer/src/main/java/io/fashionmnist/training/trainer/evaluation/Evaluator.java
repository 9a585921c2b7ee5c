package io.fashionmnist.training.trainer.evaluation;

import io.fashionmnist.training.trainer.data.ImageSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * Tries a classifier on images, several batches side by side; the result is the same however many.
 */
public final class Evaluator {
  private static final int BATCH = 250;

  private final int threads;
  private final BooleanSupplier stop;

  /**
   * @param threads batches that are classified at once
   * @param stop asked between batches; true ends the evaluation
   */
  public Evaluator(int threads, BooleanSupplier stop) {
    this.threads = threads;
    this.stop = stop;
  }

  private record Part(double lossSum, int[] predicted) {}

  /**
   * Classifies images.
   *
   * @param indices which images of the set
   * @return empty when it was told to stop
   */
  public Optional<Evaluation> evaluate(Classifier classifier, ImageSet images, int[] indices)
      throws InterruptedException {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Optional<Part>>> parts = new ArrayList<>();
      for (int from = 0; from < indices.length; from += BATCH) {
        int begin = from;
        int end = Math.min(from + BATCH, indices.length);
        parts.add(executor.submit(() -> part(classifier, images, indices, begin, end)));
      }
      double lossSum = 0;
      int[] truth = new int[indices.length];
      int[] predicted = new int[indices.length];
      int done = 0;
      for (Future<Optional<Part>> future : parts) {
        Optional<Part> part = future.get();
        if (part.isEmpty()) {
          return Optional.empty();
        }
        lossSum += part.get().lossSum();
        for (int prediction : part.get().predicted()) {
          truth[done] = images.labels()[indices[done]];
          predicted[done++] = prediction;
        }
      }
      return Optional.of(
          new Evaluation(
              lossSum / indices.length,
              ConfusionMatrix.of(classifier.classes(), truth, predicted)));
    } catch (ExecutionException e) {
      throw new IllegalStateException("Classifying failed: " + e.getCause().getMessage(), e);
    }
  }

  private Optional<Part> part(
      Classifier classifier, ImageSet images, int[] indices, int from, int to) {
    if (stop.getAsBoolean()) {
      return Optional.empty();
    }
    int count = to - from;
    byte[] pixels = new byte[count * images.imageBytes()];
    for (int i = 0; i < count; i++) {
      images.copyImage(indices[from + i], pixels, i * images.imageBytes());
    }
    float[] logits = classifier.logits(pixels, count);
    int classes = classifier.classes();
    double lossSum = 0;
    int[] predicted = new int[count];
    for (int i = 0; i < count; i++) {
      int row = i * classes;
      int best = 0;
      for (int c = 1; c < classes; c++) {
        if (logits[row + c] > logits[row + best]) {
          best = c;
        }
      }
      double exponentials = 0;
      for (int c = 0; c < classes; c++) {
        exponentials += Math.exp(logits[row + c] - logits[row + best]);
      }
      predicted[i] = best;
      lossSum +=
          Math.log(exponentials)
              + logits[row + best]
              - logits[row + images.labels()[indices[from + i]]];
    }
    return Optional.of(new Part(lossSum, predicted));
  }
}
