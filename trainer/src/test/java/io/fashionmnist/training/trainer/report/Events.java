package io.fashionmnist.training.trainer.report;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.trainer.evaluation.Calibration;
import io.fashionmnist.training.trainer.evaluation.ConfusionMatrix;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import io.fashionmnist.training.trainer.evaluation.Mistake;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingEvent.TrainingPlan;
import io.fashionmnist.training.trainer.train.TrainingResult;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Events of a run of three epochs of ten steps. */
public final class Events {
  public static final int EPOCHS = 3;
  public static final int STEPS_PER_EPOCH = 10;

  private Events() {}

  public static TrainingEvent.Started started() {
    return started(1, List.of("T-shirt/top", "Trouser", "Pullover"));
  }

  public static TrainingEvent.Started started(int firstEpoch, List<String> classNames) {
    TrainingConfig defaults = TrainingConfig.defaults();
    TrainingConfig config =
        new TrainingConfig(
            EPOCHS,
            defaults.batchSize(),
            defaults.validationFraction(),
            defaults.seed(),
            defaults.precision(),
            defaults.model(),
            defaults.optimizer(),
            defaults.schedule(),
            defaults.earlyStopping(),
            defaults.augmentation(),
            defaults.checkpoints());
    return new TrainingEvent.Started(
        new TrainingPlan(
            config,
            640,
            64,
            6,
            28,
            28,
            classNames,
            "c0ffee",
            2,
            false,
            1_234_567,
            STEPS_PER_EPOCH,
            firstEpoch,
            "gs://bucket/run"),
        Optional.empty());
  }

  public static TrainingEvent.StepFinished step(int epoch, int step) {
    return new TrainingEvent.StepFinished(
        epoch, step, (epoch - 1L) * STEPS_PER_EPOCH + step, 1.0 / step, 0.5 + step / 100.0, 1_850);
  }

  /** Each epoch is better than the one before. */
  public static TrainingEvent.EpochFinished epoch(int epoch) {
    return new TrainingEvent.EpochFinished(metrics(epoch), metrics(epoch));
  }

  static EpochMetrics metrics(int epoch) {
    return new EpochMetrics(
        epoch,
        0.7 / epoch,
        0.8 + epoch / 100.0,
        0.6 / epoch,
        0.82 + epoch / 100.0,
        0.001,
        1_850.5,
        12.25);
  }

  /** Three classes; nothing is predicted as the last. */
  public static TrainingEvent.Tested tested() {
    return new TrainingEvent.Tested(evaluation());
  }

  static Evaluation evaluation() {
    return new Evaluation(
        0.3125,
        ConfusionMatrix.of(3, new int[] {0, 0, 0, 1, 1, 2}, new int[] {0, 0, 1, 1, 1, 0}),
        Calibration.of(
            new double[] {0.9, 0.8, 0.6, 0.95, 0.7, 0.5},
            new boolean[] {true, true, false, true, true, false}),
        List.of(new Mistake(2, 0, 1, 0.6, 0.3), new Mistake(5, 2, 0, 0.5, 0.25)));
  }

  public static TrainingEvent.Tested tested(int classes) {
    int[] labels = IntStream.range(0, classes).toArray();
    return new TrainingEvent.Tested(
        new Evaluation(
            0.25, ConfusionMatrix.of(classes, labels, labels), Calibration.ofNothing(), List.of()));
  }

  public static TrainingEvent.Finished finished() {
    return new TrainingEvent.Finished(
        new TrainingResult(
            List.of(metrics(1), metrics(2), metrics(3)),
            metrics(3),
            evaluation(),
            "gs://bucket/run/model",
            "gs://bucket/run/report.json",
            "gs://bucket/run/report.html",
            61.5));
  }
}
