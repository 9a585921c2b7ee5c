package io.fashionmnist.training.trainer.evaluation;

import io.fashionmnist.training.trainer.data.ImageSet;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final int MOST_AT_ONCE = 250;

  /** So many pixels of Fashion-MNIST; larger images would take more memory than anybody expects. */
  private static final int PIXELS_AT_ONCE = MOST_AT_ONCE * 28 * 28;

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

  /**
   * Classifies images.
   *
   * @param indices which images of the set
   * @return empty when it was told to stop
   */
  public Optional<Evaluation> evaluate(Classifier classifier, ImageSet images, int[] indices)
      throws InterruptedException {
    int batch = Math.clamp(PIXELS_AT_ONCE / images.imageBytes(), 1, MOST_AT_ONCE);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Optional<Predictions>>> parts = new ArrayList<>();
      for (int from = 0; from < indices.length; from += batch) {
        int begin = from;
        int end = Math.min(from + batch, indices.length);
        parts.add(executor.submit(() -> part(classifier, images, indices, begin, end)));
      }
      double lossSum = 0;
      int[] truth = new int[indices.length];
      int[] predicted = new int[indices.length];
      Calibration calibration = Calibration.ofNothing();
      List<Mistake> worst = List.of();
      int done = 0;
      for (Future<Optional<Predictions>> future : parts) {
        Optional<Predictions> part = future.get();
        if (part.isEmpty()) {
          return Optional.empty();
        }
        lossSum += part.get().lossSum();
        calibration = calibration.plus(part.get().calibration());
        worst = Predictions.worst(worst, part.get().worst());
        for (int prediction : part.get().predicted()) {
          truth[done] = images.labels()[indices[done]];
          predicted[done++] = prediction;
        }
      }
      return Optional.of(
          new Evaluation(
              lossSum / indices.length,
              ConfusionMatrix.of(classifier.classes(), truth, predicted),
              calibration,
              worst));
    } catch (ExecutionException e) {
      throw new IllegalStateException("Classifying failed: " + e.getCause().getMessage(), e);
    }
  }

  private Optional<Predictions> part(
      Classifier classifier, ImageSet images, int[] indices, int from, int to) {
    if (stop.getAsBoolean()) {
      return Optional.empty();
    }
    int count = to - from;
    byte[] pixels = new byte[count * images.imageBytes()];
    for (int i = 0; i < count; i++) {
      images.copyImage(indices[from + i], pixels, i * images.imageBytes());
    }
    return Optional.of(
        Predictions.of(
            classifier.logits(pixels, count),
            classifier.classes(),
            Arrays.copyOfRange(indices, from, to),
            images.labels()));
  }
}
