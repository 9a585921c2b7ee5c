package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.TrainingReport.EpochSummary;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import java.util.List;
import java.util.Optional;

/** What happens during a training run, in the order in which it happens. */
public sealed interface TrainingEvent {

  /**
   * The first step is about to run.
   *
   * @param soFar the last and the best epoch of a run that continues
   */
  record Started(TrainingPlan plan, Optional<EpochSummary> soFar) implements TrainingEvent {}

  /**
   * Training continues from a checkpoint; comes before {@link Started}.
   *
   * @param history the epochs that are over
   */
  record Resumed(String checkpoint, int epoch, long globalStep, List<EpochMetrics> history)
      implements TrainingEvent {

    public Resumed {
      history = List.copyOf(history);
    }
  }

  /**
   * An optimizer step is done.
   *
   * @param epoch the running epoch, from 1
   * @param step steps done in this epoch, from 1
   * @param globalStep steps done in all
   * @param loss running mean over the epoch so far
   * @param accuracy running mean over the epoch so far
   * @param imagesPerSecond running mean over the epoch so far
   */
  record StepFinished(
      int epoch, int step, long globalStep, double loss, double accuracy, double imagesPerSecond)
      implements TrainingEvent {}

  /**
   * An epoch and its validation are done.
   *
   * @param best the best epoch so far; this one, if it is the best
   */
  record EpochFinished(EpochMetrics metrics, EpochMetrics best) implements TrainingEvent {}

  /** A checkpoint is complete. */
  record CheckpointSaved(String checkpoint, long globalStep, double seconds)
      implements TrainingEvent {}

  /** Training ended before the last epoch, because the validation loss no longer fell. */
  record StoppedEarly(int epoch, EpochMetrics best) implements TrainingEvent {}

  /** The best weights were tried on the test images. */
  record Tested(Evaluation evaluation) implements TrainingEvent {}

  /** Something went wrong that does not stop the training. */
  record Warning(String message) implements TrainingEvent {}

  /** All is done and written. */
  record Finished(TrainingResult result) implements TrainingEvent {}

  /**
   * Training stops on request; the state is saved.
   *
   * @param epoch the epoch it stops in, from 1
   */
  record Interrupted(int epoch, long globalStep) implements TrainingEvent {}

  /** Training ends without a result; another try may or may not help. */
  record Failed(String message) implements TrainingEvent {}

  /**
   * What is about to be trained.
   *
   * @param towers copies of the network that share the weights and split a batch
   * @param bfloat16 whether the activations are in bfloat16
   * @param parameters number of trainable weights
   * @param stepsPerEpoch optimizer steps in one epoch
   * @param firstEpoch the epoch that runs first, from 1
   * @param output where the results go
   */
  record TrainingPlan(
      io.fashionmnist.training.api.training.TrainingConfig config,
      int trainingImages,
      int validationImages,
      int testImages,
      int height,
      int width,
      List<String> classNames,
      String dataDigest,
      int towers,
      boolean bfloat16,
      long parameters,
      int stepsPerEpoch,
      int firstEpoch,
      String output) {

    public TrainingPlan {
      classNames = List.copyOf(classNames);
    }
  }
}
