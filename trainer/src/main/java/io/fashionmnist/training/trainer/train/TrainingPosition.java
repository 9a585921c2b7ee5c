package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.api.training.EpochMetrics;
import java.util.List;
import java.util.stream.Stream;

/**
 * How far a training run is; with the weights and the optimizer's moments, all that its
 * continuation depends on.
 *
 * @param epoch the running epoch, from 1; one more than configured when all are done
 * @param step steps done in it
 * @param globalStep steps done in all
 * @param lossSum sum of the running epoch's losses, over images
 * @param right images of the running epoch classified rightly
 * @param images images of the running epoch trained on
 * @param seconds time spent on the running epoch's steps
 * @param history the epochs that are over
 */
public record TrainingPosition(
    int epoch,
    int step,
    long globalStep,
    double lossSum,
    long right,
    long images,
    double seconds,
    List<EpochMetrics> history) {

  public TrainingPosition {
    history = List.copyOf(history);
  }

  static TrainingPosition start() {
    return new TrainingPosition(1, 0, 0, 0, 0, 0, 0, List.of());
  }

  TrainingPosition afterStep(double stepLossSum, int stepRight, int stepImages, double took) {
    return new TrainingPosition(
        epoch,
        step + 1,
        globalStep + 1,
        lossSum + stepLossSum,
        right + stepRight,
        images + stepImages,
        seconds + took,
        history);
  }

  TrainingPosition afterEpoch(EpochMetrics metrics) {
    return new TrainingPosition(
        epoch + 1,
        0,
        globalStep,
        0,
        0,
        0,
        0,
        Stream.concat(history.stream(), Stream.of(metrics)).toList());
  }

  /** Mean loss over the running epoch so far. */
  double loss() {
    return lossSum / images;
  }

  /** Share classified rightly over the running epoch so far. */
  double accuracy() {
    return (double) right / images;
  }

  double imagesPerSecond() {
    return images / seconds;
  }
}
