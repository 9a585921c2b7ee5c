package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.Durations;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.reconcile.Decision.End;
import io.fashionmnist.training.operator.reconcile.Decision.Finish;
import io.fashionmnist.training.operator.reconcile.Decision.Ignore;
import io.fashionmnist.training.operator.reconcile.Decision.Note;
import io.fashionmnist.training.operator.reconcile.Decision.Stop;
import io.fashionmnist.training.operator.reconcile.Decision.Submit;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is to be done about the attempt that is live. Pure. */
final class LiveAttempt {
  /** How long after its intent an attempt may still be made in the cluster. */
  static final Duration CREATE_TIME = Duration.ofSeconds(10);

  /** How long an intent may be carried out before it is carried out once more. */
  static final Duration SETTLE = Duration.ofSeconds(5);

  /** Interruptions without any progress that are taken for chance. */
  static final int TOLERATED_INTERRUPTIONS = 10;

  private static final Duration AGAIN = Duration.ofSeconds(10);
  private static final Set<String> SILENCES =
      Set.of(AttemptReason.UNREACHABLE, AttemptReason.NOT_REACHED);

  private LiveAttempt() {}

  static Decision decide(Observation observation, Attempt attempt, Instant now) {
    return switch (observation.attempt()) {
      // What has ended by itself has, whatever it was about to be ended for.
      case AttemptObservation.Succeeded _ ->
          new Finish(Phase.SUCCEEDED, "Trained", "the model is in " + attempt.outputUri());
      case AttemptObservation.Failed failed when attempt.state() != AttemptState.STOPPING ->
          switch (failed.consequence()) {
            case FINAL -> new Finish(Phase.FAILED, failed.reason(), failed.message());
            case RETRY -> new End(AttemptState.FAILED, failed.reason(), failed.message(), 0);
            case ELSEWHERE ->
                new End(AttemptState.OUT_OF_CAPACITY, failed.reason(), failed.message(), 0);
          };
      case AttemptObservation.Cancelled(String message, _)
          when attempt.state() != AttemptState.STOPPING ->
          new Finish(Phase.FAILED, "CancelledExternally", message);
      case AttemptObservation seen when attempt.state() == AttemptState.STOPPING ->
          stopping(attempt, seen);
      case AttemptObservation.Leaving(var complaint, _) -> leaving(attempt, complaint);
      case AttemptObservation seen -> wanted(observation, attempt, seen, now);
    };
  }

  /** What takes too long is told once. */
  private static Decision leaving(Attempt attempt, Optional<String> complaint) {
    return complaint
        .filter(what -> !attempt.message().endsWith(what))
        .<Decision>map(
            what ->
                new Note(
                    attempt.state(),
                    attempt.reason(),
                    attempt.message() + "; " + what,
                    Optional.of(AGAIN)))
        .orElse(new Ignore(Optional.of(AGAIN)));
  }

  private static Decision stopping(Attempt attempt, AttemptObservation seen) {
    StopReason reason = StopReason.of(attempt.reason()).orElse(StopReason.SUSPENDED);
    return switch (seen) {
      case AttemptObservation.Missing _, AttemptObservation.Cancelled _ -> stopped(attempt, reason);
      // A failed Job would hold its name; a failed custom job holds nothing.
      case AttemptObservation.Failed _ ->
          attempt.backend() == Backend.VERTEX
              ? stopped(attempt, reason)
              : new Stop(reason, attempt.message());
      case AttemptObservation.Leaving(var complaint, _) -> leaving(attempt, complaint);
      case AttemptObservation.Unreachable _ -> new Ignore(Optional.of(AGAIN));
      case AttemptObservation.Waiting _,
          AttemptObservation.Running _,
          AttemptObservation.Restarting _,
          AttemptObservation.Succeeded _ ->
          new Stop(reason, attempt.message());
    };
  }

  private static Decision stopped(Attempt attempt, StopReason reason) {
    return reason.outcome() == AttemptState.FAILED
        ? new Finish(Phase.FAILED, attempt.reason(), attempt.message())
        : new End(reason.outcome(), attempt.reason(), attempt.message(), 0);
  }

  /** The attempt is live: does anything speak against it? */
  private static Decision wanted(
      Observation observation, Attempt attempt, AttemptObservation seen, Instant now) {
    RunPolicy policy = observation.policy();
    if (policy.suspend()) {
      return new Stop(StopReason.SUSPENDED, "suspended by runPolicy.suspend");
    }
    Optional<Duration> left = Deadline.left(observation, now);
    if (Deadline.passed(observation, now)) {
      return new Stop(StopReason.JOB_DEADLINE, Deadline.message(policy));
    }
    return switch (seen) {
      case AttemptObservation.Missing _ -> missing(observation, attempt, now);
      case AttemptObservation.Waiting waiting -> waiting(observation, attempt, waiting, left, now);
      case AttemptObservation.Running _ ->
          new Note(AttemptState.RUNNING, "Training", "the trainer runs", left);
      case AttemptObservation.Restarting restarting -> restarting(restarting, left);
      case AttemptObservation.Unreachable(String message, _) ->
          new Note(
              attempt.state(),
              AttemptReason.UNREACHABLE,
              words(attempt, AttemptReason.UNREACHABLE, message),
              Optional.of(AGAIN));
      case AttemptObservation.Leaving _,
          AttemptObservation.Cancelled _,
          AttemptObservation.Succeeded _,
          AttemptObservation.Failed _ ->
          new Ignore(Optional.empty());
    };
  }

  private static Decision missing(Observation observation, Attempt attempt, Instant now) {
    if (attempt.backend() == Backend.VERTEX && attempt.externalName() != null) {
      return new Finish(
          Phase.FAILED,
          "DeletedExternally",
          attempt.externalName() + " was deleted by someone else; it is not made again");
    }
    if (attempt.state() != AttemptState.QUEUED) {
      return new End(
          AttemptState.FAILED,
          "JobDeleted",
          "the attempt's Job was deleted by someone else; the next attempt continues from its"
              + " checkpoint",
          1);
    }
    Duration age = Duration.between(attempt.begunLast(), now);
    if (age.compareTo(SETTLE) < 0) {
      return new Ignore(Optional.of(SETTLE.minus(age)));
    }
    return observation
        .plan()
        .named(attempt.placement())
        .<Decision>map(Submit::new)
        .orElseGet(
            () ->
                new End(
                    AttemptState.OUT_OF_CAPACITY,
                    "PlacementGone",
                    "the placement is not in the list any more",
                    0));
  }

  private static Decision waiting(
      Observation observation,
      Attempt attempt,
      AttemptObservation.Waiting waiting,
      Optional<Duration> left,
      Instant now) {
    Duration limit =
        observation
            .plan()
            .named(attempt.placement())
            .map(Placement::queueDuration)
            .orElse(Duration.ZERO);
    Duration patience =
        limit.minus(
            Duration.between(
                waiting.since().orElseGet(() -> waitingSince(observation, attempt, now)), now));
    boolean elsewhere = observation.plan().eligible().size() > 1;
    if (!patience.isPositive()) {
      if (waiting.cause() == Cause.CONFIGURATION) {
        return new Stop(
            StopReason.of(waiting.reason()).orElse(StopReason.CONTAINER), waiting.message());
      }
      if (waiting.cause() == Cause.CAPACITY && elsewhere) {
        return new Stop(
            StopReason.QUEUE_DEADLINE,
            "no capacity within %s: %s".formatted(Durations.text(limit), waiting.message()));
      }
    }
    Duration until = patience.isPositive() ? patience : Duration.ofMinutes(1);
    return new Note(
        AttemptState.QUEUED,
        waiting.reason(),
        words(attempt, waiting.reason(), waiting.message()),
        Stream.of(Optional.of(until), left, waiting.lookAgain())
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder()));
  }

  /** Of one silence each failed call has other words: the first are told. */
  private static String words(Attempt attempt, String reason, String message) {
    return SILENCES.contains(reason) && reason.equals(attempt.reason())
        ? attempt.message()
        : message;
  }

  /** Since the attempt's start, or since it ran last: what runs begins to wait now. */
  private static Instant waitingSince(Observation observation, Attempt attempt, Instant now) {
    Instant start = Instant.parse(attempt.startTime());
    return observation
        .status()
        .condition(Condition.RUNNING)
        .map(
            running ->
                "True".equals(running.status()) ? now : Instant.parse(running.lastTransitionTime()))
        .filter(since -> since.isAfter(start))
        .orElse(start);
  }

  private static Decision restarting(
      AttemptObservation.Restarting restarting, Optional<Duration> left) {
    if (restarting.failures().interruptions() > TOLERATED_INTERRUPTIONS) {
      return new Stop(
          StopReason.INTERRUPTED_TOO_OFTEN,
          "interrupted %d times: %s"
              .formatted(restarting.failures().interruptions(), restarting.message()));
    }
    return new Note(AttemptState.RESTARTING, restarting.reason(), restarting.message(), left);
  }
}
