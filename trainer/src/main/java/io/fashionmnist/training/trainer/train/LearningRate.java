package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.ScheduleConfig;
import io.fashionmnist.training.api.training.TrainingConfig;
import java.util.List;

/**
 * The learning rate of every step: a pure function of the configuration, the step and the epochs
 * that are over, so that nothing of it needs saving.
 *
 * @param highest the configured rate
 * @param totalSteps optimizer steps of the whole training
 */
public record LearningRate(ScheduleConfig schedule, double highest, long totalSteps) {
  /** What OneCycle starts from, as a part of the highest rate (Smith and Topin, 2018). */
  private static final double START = 1.0 / 25;

  static LearningRate of(TrainingConfig config, int stepsPerEpoch) {
    return new LearningRate(
        config.schedule(),
        config.optimizer().learningRate(),
        (long) config.epochs() * stepsPerEpoch);
  }

  /**
   * @param step steps done before the one in question
   * @param history the epochs that are over
   */
  public double at(long step, List<EpochMetrics> history) {
    return switch (schedule.type()) {
      case CONSTANT -> highest;
      case REDUCE_ON_PLATEAU -> afterPlateaus(history);
      case COSINE -> falling(step / (double) totalSteps);
      case ONE_CYCLE -> oneCycle(step / (double) totalSteps);
    };
  }

  /** As Keras's ReduceLROnPlateau on the validation loss. */
  private double afterPlateaus(List<EpochMetrics> history) {
    double rate = highest;
    double best = Double.POSITIVE_INFINITY;
    int waited = 0;
    for (EpochMetrics epoch : history) {
      if (epoch.validationLoss() < best - schedule.minDelta()) {
        best = epoch.validationLoss();
        waited = 0;
      } else if (++waited >= schedule.patience()) {
        rate = Math.min(rate, Math.max(rate * schedule.factor(), schedule.minLearningRate()));
        waited = 0;
      }
    }
    return rate;
  }

  private double oneCycle(double done) {
    double warmup = schedule.warmupFraction();
    return done < warmup
        ? between(highest * START, highest, (1 - Math.cos(Math.PI * done / warmup)) / 2)
        : falling((done - warmup) / (1 - warmup));
  }

  private double falling(double done) {
    double lowest = Math.min(schedule.minLearningRate(), highest);
    return between(highest, lowest, (1 - Math.cos(Math.PI * done)) / 2);
  }

  private static double between(double from, double to, double share) {
    return from + (to - from) * share;
  }
}
