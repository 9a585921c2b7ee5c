package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.event.Reason;
import io.fashionmnist.training.operator.registry.Step;
import java.util.Optional;

/**
 * What an Event tells of a decision. Pure.
 *
 * @param attempt number of the attempt that it is about
 */
record Announcement(Reason reason, int attempt, String message) {

  /** Of a decision that changed a status; many are no news. */
  static Optional<Announcement> of(
      Decision decision, FashionTrainingJobStatus before, FashionTrainingJobStatus after) {
    return reason(decision, before)
        .map(reason -> new Announcement(reason, after.attemptCount(), message(decision, after)));
  }

  private static String message(Decision decision, FashionTrainingJobStatus status) {
    String condition =
        decision instanceof Decision.Register
            ? FashionTrainingJob.MODEL_REGISTERED
            : Condition.RUNNING;
    return status.condition(condition).map(Condition::message).orElse("");
  }

  private static Optional<Reason> reason(Decision decision, FashionTrainingJobStatus before) {
    return switch (decision) {
      case Decision.Begin _ -> Optional.of(Reason.ATTEMPT_STARTED);
      case Decision.Note(AttemptState state, String reason, _, _) -> noted(state, reason, before);
      case Decision.Stop(StopReason reason, _) ->
          reason == StopReason.QUEUE_DEADLINE ? Optional.of(Reason.FALLING_BACK) : Optional.empty();
      case Decision.End(AttemptState state, _, _, _) -> ended(state, before.attempts().getLast());
      case Decision.PassOver _ -> Optional.of(Reason.WAITING);
      case Decision.Register(Step step) -> registered(step);
      case Decision.Finish(Phase phase, _, _) ->
          Optional.of(phase == Phase.SUCCEEDED ? Reason.SUCCEEDED : Reason.FAILED);
      case Decision.Ignore _,
          Decision.Submit _,
          Decision.EndStray _,
          Decision.Pause _,
          Decision.Suspend _,
          Decision.CleanUp _,
          Decision.LetGo _ ->
          Optional.empty();
    };
  }

  private static Optional<Reason> noted(
      AttemptState state, String reason, FashionTrainingJobStatus before) {
    return switch (state) {
      case RUNNING ->
          before.phase() == Phase.RUNNING ? Optional.empty() : Optional.of(Reason.TRAINING);
      case RESTARTING -> Optional.of(Reason.RESTARTING);
      case QUEUED ->
          AttemptReason.STARTING.equals(reason) ? Optional.empty() : Optional.of(Reason.WAITING);
      case STOPPING, SUCCEEDED, FAILED, SUSPENDED, OUT_OF_CAPACITY, SKIPPED -> Optional.empty();
    };
  }

  private static Optional<Reason> ended(AttemptState state, Attempt last) {
    return switch (state) {
      case SUSPENDED -> Optional.of(Reason.SUSPENDED);
      case FAILED -> Optional.of(Reason.RESTARTING);
      // One that was stopped for it has been told then.
      case OUT_OF_CAPACITY ->
          last.state() == AttemptState.STOPPING
              ? Optional.empty()
              : Optional.of(Reason.FALLING_BACK);
      case QUEUED, RUNNING, RESTARTING, STOPPING, SUCCEEDED, SKIPPED -> Optional.empty();
    };
  }

  private static Optional<Reason> registered(Step step) {
    return switch (step) {
      case Step.Tell(Step.Answer answer, _, _, _) ->
          switch (answer) {
            case YES -> Optional.of(Reason.MODEL_REGISTERED);
            case NO -> Optional.of(Reason.MODEL_NOT_REGISTERED);
            case NOT_YET -> Optional.empty();
          };
      case Step.Wait _, Step.Ask _, Step.Report _, Step.Upload _ -> Optional.empty();
    };
  }
}
