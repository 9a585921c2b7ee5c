package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.registry.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;

/**
 * The one place where a status is made: what was, changed by a decision. Pure; the same decision on
 * the same status changes nothing. {@code status.training} is not made here: trainers own it.
 */
final class StatusFactory {
  private static final String STARTING = AttemptReason.STARTING;

  private final Naming naming;

  /**
   * @param naming what attempts are called
   */
  StatusFactory(Naming naming) {
    this.naming = naming;
  }

  /** What an attempt is called before its backend has been asked. */
  interface Naming {
    /** The name of an attempt on a placement. */
    AttemptName of(FashionTrainingJob job, Placement placement, int attempt);
  }

  /** The status after a decision. */
  FashionTrainingJobStatus status(Observation observation, Decision decision, Instant now) {
    StatusDraft draft = new StatusDraft(observation, naming, now);
    return switch (decision) {
      case Decision.CleanUp(Decision.Leftover leftover, _)
          when leftover == Decision.Leftover.CUSTOM_JOBS ->
          observation
              .status()
              .withAttempts(
                  observation.status().attempts().stream()
                      .map(each -> each.onRecord() ? each.deletedAt(time(now)) : each)
                      .toList());
      case Decision.Ignore _, Decision.EndStray _, Decision.CleanUp _, Decision.LetGo _ ->
          observation.status();
      case Decision.Submit(Placement placement) ->
          switch (placement.backend()) {
            // A Job has a name: what stood in its way is still all there is to tell.
            case CLUSTER -> draft.retried().sameWords();
            case VERTEX ->
                draft
                    .attempt(
                        AttemptState.QUEUED, STARTING, "the custom job is being created once more")
                    .retried()
                    .job(Phase.QUEUED, STARTING, "the custom job is being created once more");
          };
      case Decision.Begin(Placement placement, int round, List<Decision.Skip> skipped) ->
          draft.skip(skipped, round).begin(placement, round);
      case Decision.PassOver(int round, List<Decision.Skip> skipped) ->
          draft
              .skip(skipped, round)
              .job(
                  Phase.PENDING,
                  "WaitingForCapacity",
                  "no placement that is left in round %d has room; status.attempts says why"
                      .formatted(round));
      case Decision.Note(_, String reason, _, _) when stillStarting(observation, reason) ->
          observation.status();
      case Decision.Note(AttemptState state, String reason, String message, _) ->
          draft.attempt(state, reason, message).job(phase(state), reason, message);
      case Decision.Stop(StopReason reason, String message) ->
          draft.stopping(reason.text(), message).job(Phase.QUEUED, reason.text(), message);
      case Decision.End(AttemptState state, String reason, String message, int failures) ->
          draft
              .ended(state, reason, message, failures + observation.attempt().failures().counted())
              .job(
                  state == AttemptState.SUSPENDED ? Phase.SUSPENDED : Phase.RESTARTING,
                  reason,
                  message);
      case Decision.Finish(Phase phase, String reason, String message) ->
          draft
              .ended(
                  phase == Phase.SUCCEEDED ? AttemptState.SUCCEEDED : AttemptState.FAILED,
                  reason,
                  message,
                  observation.attempt().failures().counted())
              .finished()
              .job(phase, reason, message);
      case Decision.Pause(Instant until, String message) ->
          draft.retryAt(time(until)).waiting(message);
      case Decision.Register(Step step) -> RegistrationStatus.after(observation, step, now);
      case Decision.Suspend _ ->
          draft.job(Phase.SUSPENDED, "Suspended", "suspended by runPolicy.suspend");
    };
  }

  /**
   * The steps of a start, Job, pod, containers, come within moments and are not worth a write each.
   */
  private static boolean stillStarting(Observation observation, String reason) {
    return STARTING.equals(reason)
        && observation.status().phase() == Phase.QUEUED
        && observation
            .job()
            .getMetadata()
            .getGeneration()
            .equals(observation.status().observedGeneration())
        && observation.sight().externalName().isEmpty()
        && observation
            .active()
            .filter(
                attempt ->
                    attempt.state() == AttemptState.QUEUED && STARTING.equals(attempt.reason()))
            .isPresent();
  }

  private static Phase phase(AttemptState state) {
    return switch (state) {
      case RUNNING -> Phase.RUNNING;
      case RESTARTING -> Phase.RESTARTING;
      case QUEUED, STOPPING, SUCCEEDED, FAILED, SUSPENDED, OUT_OF_CAPACITY, SKIPPED -> Phase.QUEUED;
    };
  }

  /** How long the job is suspended now; zero when it is not. */
  static Duration currentSuspension(FashionTrainingJobStatus status, Instant now) {
    return status.conditions().stream()
        .filter(each -> Condition.SUSPENDED.equals(each.type()) && "True".equals(each.status()))
        .map(each -> Duration.between(Instant.parse(each.lastTransitionTime()), now))
        .filter(Predicate.not(Duration::isNegative))
        .findFirst()
        .orElse(Duration.ZERO);
  }

  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
