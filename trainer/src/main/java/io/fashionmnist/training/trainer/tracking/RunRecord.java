package io.fashionmnist.training.trainer.tracking;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.evaluation.ClassificationReport;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingEvent.TrainingPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that is to be told of a run. Every event gives the next record; immutable.
 *
 * @param plan absent before training begins, when there is nothing to tell
 * @param epochs that this process trained, in order
 * @param best the best epoch of all
 * @param report the results on the test images
 * @param error why the run failed
 */
record RunRecord(
    Optional<TrainingPlan> plan,
    List<Epoch> epochs,
    Optional<EpochMetrics> best,
    Optional<ClassificationReport> report,
    State state,
    Optional<String> error) {

  /** An epoch's metrics, and when it ended. */
  record Epoch(EpochMetrics metrics, Instant ended) {}

  /** Where a run is, by the names that the service has. */
  enum State {
    /** It trains. */
    RUNNING,
    /** All is done. */
    COMPLETE,
    /** It ended without a result. */
    FAILED,
    /** It was asked to stop; it may be continued. */
    CANCELLED
  }

  RunRecord {
    epochs = List.copyOf(epochs);
  }

  static RunRecord empty() {
    return new RunRecord(
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        State.RUNNING,
        Optional.empty());
  }

  /**
   * After one more event.
   *
   * @param now when it happened
   */
  RunRecord after(TrainingEvent event, Instant now) {
    return switch (event) {
      case TrainingEvent.Started(var started, _) ->
          new RunRecord(Optional.of(started), epochs, best, report, state, error);
      case TrainingEvent.EpochFinished(var metrics, var bestSoFar) -> {
        List<Epoch> more = new ArrayList<>(epochs);
        more.add(new Epoch(metrics, now));
        yield new RunRecord(plan, more, Optional.of(bestSoFar), report, state, error);
      }
      case TrainingEvent.StoppedEarly(_, var bestOfAll) ->
          new RunRecord(plan, epochs, Optional.of(bestOfAll), report, state, error);
      case TrainingEvent.Tested(var evaluation) ->
          new RunRecord(
              plan,
              epochs,
              best,
              plan.map(known -> ClassificationReport.of(evaluation, known.classNames())),
              state,
              error);
      case TrainingEvent.Finished(var result) ->
          new RunRecord(plan, epochs, Optional.of(result.best()), report, State.COMPLETE, error);
      case TrainingEvent.Interrupted _ -> ended(State.CANCELLED, Optional.empty());
      case TrainingEvent.Failed(var message) -> ended(State.FAILED, Optional.of(message));
      case TrainingEvent.Resumed _,
          TrainingEvent.StepFinished _,
          TrainingEvent.CheckpointSaved _,
          TrainingEvent.Warning _ ->
          this;
    };
  }

  private RunRecord ended(State end, Optional<String> reason) {
    return new RunRecord(plan, epochs, best, report, end, reason);
  }
}
