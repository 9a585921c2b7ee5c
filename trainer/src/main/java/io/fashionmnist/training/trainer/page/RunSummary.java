package io.fashionmnist.training.trainer.page;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import io.fashionmnist.training.trainer.train.TrainingEvent.TrainingPlan;
import io.fashionmnist.training.trainer.train.Versions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All that the page tells of a run.
 *
 * @param history every epoch, those before a continuation included
 * @param best the epoch with the best weights; empty before the first
 * @param stoppedAfter the epoch after which early stopping ended the training
 * @param resumed what this run continues, if it continues one
 * @param test how the best weights did on the test images, if it came to that
 * @param warnings what went wrong and did not end the run
 */
public record RunSummary(
    TrainingPlan plan,
    Circumstances circumstances,
    Ending ending,
    Instant ended,
    List<EpochMetrics> history,
    Optional<EpochMetrics> best,
    OptionalInt stoppedAfter,
    Optional<Resumption> resumed,
    Optional<Tested> test,
    List<String> warnings) {

  public RunSummary {
    history = List.copyOf(history);
    warnings = List.copyOf(warnings);
  }

  /**
   * Who runs it, where and with what.
   *
   * @param attempt which attempt at the same job this is, from 1
   * @param place what computes, as in "Vertex AI custom job 123"
   * @param labels what whoever started the run wants to have on the page, by name and in order
   * @param earlier the attempts before this one, in their order
   * @param began when the process did
   */
  public record Circumstances(
      int attempt,
      String place,
      Map<String, String> labels,
      List<EarlierAttempt> earlier,
      Versions versions,
      Instant began) {
    public Circumstances {
      earlier = List.copyOf(earlier);
    }
  }

  /**
   * An attempt at the same job, before this one.
   *
   * @param number from 1
   * @param placement where it was to run
   * @param state how it ended, as in {@code OutOfCapacity}
   * @param reason why, in one word
   */
  public record EarlierAttempt(int number, String placement, String state, String reason) {}

  /**
   * A checkpoint that a run continues.
   *
   * @param epoch the first epoch that is not over in it, from 1
   */
  public record Resumption(String checkpoint, int epoch) {}

  /**
   * @param pictures of the worst mistakes
   */
  public record Tested(Evaluation evaluation, List<MistakePicture> pictures) {
    public Tested {
      pictures = List.copyOf(pictures);
    }
  }

  /** How a run ends. */
  public sealed interface Ending {
    /** Trained, tested, written. */
    record Finished(double seconds) implements Ending {}

    /** Stopped on request; the state is saved. */
    record Interrupted(int epoch) implements Ending {}

    /** Without a result. */
    record Failed(String message) implements Ending {}
  }
}
