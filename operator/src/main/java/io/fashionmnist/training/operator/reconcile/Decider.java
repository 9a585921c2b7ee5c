package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.CleanPodPolicy;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.Durations;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.reconcile.Decision.Begin;
import io.fashionmnist.training.operator.reconcile.Decision.CleanUp;
import io.fashionmnist.training.operator.reconcile.Decision.End;
import io.fashionmnist.training.operator.reconcile.Decision.Finish;
import io.fashionmnist.training.operator.reconcile.Decision.Ignore;
import io.fashionmnist.training.operator.reconcile.Decision.Leftover;
import io.fashionmnist.training.operator.reconcile.Decision.LetGo;
import io.fashionmnist.training.operator.reconcile.Decision.Note;
import io.fashionmnist.training.operator.reconcile.Decision.PassOver;
import io.fashionmnist.training.operator.reconcile.Decision.Pause;
import io.fashionmnist.training.operator.reconcile.Decision.Register;
import io.fashionmnist.training.operator.reconcile.Decision.Skip;
import io.fashionmnist.training.operator.reconcile.Decision.Stop;
import io.fashionmnist.training.operator.reconcile.Decision.Submit;
import io.fashionmnist.training.operator.reconcile.Decision.Suspend;
import io.fashionmnist.training.operator.registry.Registration;
import io.fashionmnist.training.operator.registry.RegistrySight;
import io.fashionmnist.training.operator.registry.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what a pass does. A pure function of the observation and the time. */
final class Decider {
  /** A create's own deadline is shorter: what it made must be visible by then. */
  static final Duration SETTLE = Duration.ofSeconds(5);

  /** How long a resource that is being deleted is held back at most. */
  static final Duration LONGEST_FAREWELL = Duration.ofMinutes(10);

  private static final Duration AGAIN = Duration.ofSeconds(10);

  private static final Duration FIRST_REST = Duration.ofSeconds(10);
  private static final Duration LONGEST_REST = Duration.ofMinutes(6);

  /** Interruptions without any progress that are taken for chance. */
  static final int TOLERATED_INTERRUPTIONS = 10;

  private final boolean deletesRecords;

  /**
   * @param deletesRecords whether custom jobs go with their resource: it is held back until then
   */
  Decider(boolean deletesRecords) {
    this.deletesRecords = deletesRecords;
  }

  Decision decide(Observation observation, Instant now) {
    if (!RunPolicy.OPERATOR.equals(observation.policy().managedBy())) {
      return new Ignore(Optional.empty());
    }
    if (observation.job().getMetadata().getDeletionTimestamp() != null) {
      return deleted(observation, now);
    }
    if (finished(observation)) {
      return afterwards(observation, now);
    }
    return observation
        .active()
        .map(attempt -> withAttempt(observation, attempt, now))
        .orElseGet(() -> withoutAttempt(observation, now));
  }

  /** A job that was refused before its first attempt gets another chance when it is edited. */
  private static boolean finished(Observation observation) {
    FashionTrainingJobStatus status = observation.status();
    return status.phase() != null
        && status.phase().finished()
        && (status.attemptCount() > 0
            || observation.job().getMetadata().getGeneration().equals(status.observedGeneration()));
  }

  /** Its model is registered, what it left is cleaned up meanwhile or then. */
  private Decision afterwards(Observation observation, Instant now) {
    if (observation.registry().isEmpty()) {
      boolean held =
          deletesRecords && observation.status().attempts().stream().anyMatch(Attempt::onRecord);
      return observation.heldBack() && !held
          ? new LetGo(Optional.empty())
          : cleanUp(observation, now);
    }
    Step step = registration(observation, observation.registry().get(), now);
    return step instanceof Step.Wait(Duration lookAgain)
        ? switch (cleanUp(observation, now)) {
          case CleanUp(Leftover leftover, Optional<Duration> left) ->
              new CleanUp(leftover, Optional.of(sooner(left, lookAgain)));
          case Ignore(Optional<Duration> left) ->
              new Register(new Step.Wait(sooner(left, lookAgain)));
          case Decision other -> other;
        }
        : new Register(step);
  }

  private static Step registration(Observation observation, RegistrySight sight, Instant now) {
    return Registration.next(
        sight, observation.status().condition(FashionTrainingJob.MODEL_REGISTERED), now);
  }

  private static Duration sooner(Optional<Duration> one, Duration other) {
    return one.filter(time -> time.compareTo(other) < 0).orElse(other);
  }

  /**
   * What runs in the cluster goes with the resource; what runs on Vertex AI has to be ended, and a
   * model that is to be registered is.
   */
  private static Decision deleted(Observation observation, Instant now) {
    if (!observation.heldBack()) {
      return new Ignore(Optional.empty());
    }
    if (observation.registry().isPresent()) {
      return deletedUnregistered(observation, observation.registry().get(), now);
    }
    Optional<Attempt> elsewhere =
        observation.active().filter(attempt -> attempt.backend() == Backend.VERTEX);
    boolean over =
        switch (observation.attempt()) {
          case AttemptObservation.Missing _,
              AttemptObservation.Cancelled _,
              AttemptObservation.Succeeded _,
              AttemptObservation.Failed _ ->
              true;
          case AttemptObservation.Unreachable _,
              AttemptObservation.Leaving _,
              AttemptObservation.Waiting _,
              AttemptObservation.Running _,
              AttemptObservation.Restarting _ ->
              false;
        };
    if (elsewhere.isEmpty() || over) {
      return new LetGo(Optional.empty());
    }
    Attempt attempt = elsewhere.get();
    Instant since = Instant.parse(observation.job().getMetadata().getDeletionTimestamp());
    if (since.plus(LONGEST_FAREWELL).isBefore(now)) {
      return new LetGo(
          Optional.of(
              "%s could not be seen to end within %s; look for it in the console"
                  .formatted(
                      Optional.ofNullable(attempt.externalName()).orElse(attempt.location()),
                      Durations.text(LONGEST_FAREWELL))));
    }
    return observation.attempt() instanceof AttemptObservation.Leaving
        ? new Ignore(Optional.of(AGAIN))
        : new Stop(StopReason.DELETED, "the resource is being deleted");
  }

  private static Decision deletedUnregistered(
      Observation observation, RegistrySight sight, Instant now) {
    Instant since = Instant.parse(observation.job().getMetadata().getDeletionTimestamp());
    return since.plus(LONGEST_FAREWELL).isBefore(now)
        ? new LetGo(
            Optional.of(
                "the model in %s could not be registered within %s: %s"
                    .formatted(
                        sight.plan().model().uri(),
                        Durations.text(LONGEST_FAREWELL),
                        observation
                            .status()
                            .condition(FashionTrainingJob.MODEL_REGISTERED)
                            .map(Condition::message)
                            .orElse("nothing was tried yet"))))
        : new Register(registration(observation, sight, now));
  }

  private Decision withoutAttempt(Observation observation, Instant now) {
    PlacementPlan plan = observation.plan();
    RunPolicy policy = observation.policy();
    if (policy.suspend()) {
      return new Suspend();
    }
    if (plan.refusal().isPresent()) {
      var refusal = plan.refusal().get();
      return new Finish(Phase.FAILED, refusal.reason(), refusal.message());
    }
    if (deadline(observation, now).filter(left -> !left.isPositive()).isPresent()) {
      return new Finish(Phase.FAILED, StopReason.JOB_DEADLINE.text(), deadlineMessage(policy));
    }
    int failures = observation.status().failureCount();
    if (failures > policy.backoffLimit()) {
      return new Finish(
          Phase.FAILED,
          "BackoffLimitExceeded",
          "%d failures, more than runPolicy.backoffLimit allows: %s"
              .formatted(
                  failures, observation.last().map(Attempt::message).orElse("see the attempts")));
    }
    return observation
        .last()
        .map(last -> next(observation, last, now))
        .orElseGet(() -> firstWithRoom(observation, plan.eligible(), 1));
  }

  private static Decision next(Observation observation, Attempt last, Instant now) {
    PlacementPlan plan = observation.plan();
    int round = observation.status().round();
    if (!last.state().lacksCapacity()) {
      if (interruptedTooOften(observation)) {
        return new Finish(
            Phase.FAILED,
            StopReason.INTERRUPTED_TOO_OFTEN.text(),
            "interrupted %d times in a row: %s"
                .formatted(TOLERATED_INTERRUPTIONS + 1, last.message()));
      }
      Instant rested = rested(observation, last);
      if (rested.isAfter(now)) {
        return new Pause(
            rested, "attempt %d failed, the next follows: %s".formatted(last.number(), last.message()));
      }
      return firstWithRoom(observation, plan.from(last.placement()), round);
    }
    List<Placement> following = plan.after(last.placement());
    if (!following.isEmpty()) {
      return firstWithRoom(observation, following, round);
    }
    var fallback = observation.job().getSpec().fallback();
    if (round >= fallback.maxRounds()) {
      return new Finish(
          Phase.FAILED,
          "NoCapacity",
          "no placement had capacity in %d rounds (fallback.maxRounds)".formatted(round));
    }
    Instant until = Instant.parse(last.endTime()).plus(fallback.pauseAfter(round));
    return until.isAfter(now)
        ? new Pause(
            until, "every placement is out of capacity; round %d follows".formatted(round + 1))
        : firstWithRoom(observation, plan.eligible(), round + 1);
  }

  /**
   * When an attempt may follow a failed one. In the cluster a Job sees to that; on Vertex AI pauses
   * are as long as a Job's: 10 s, doubled with each failure, up to 6 min.
   */
  private static Instant rested(Observation observation, Attempt last) {
    int failures = observation.status().failureCount();
    boolean counted =
        last.backend() == Backend.VERTEX
            && last.state() == AttemptState.FAILED
            && !AttemptReason.INTERRUPTED.equals(last.reason())
            && failures > 0;
    if (!counted) {
      return Instant.MIN;
    }
    Duration pause = FIRST_REST.multipliedBy(1L << Math.min(failures - 1, 10));
    return Instant.parse(last.endTime())
        .plus(pause.compareTo(LONGEST_REST) < 0 ? pause : LONGEST_REST);
  }

  /** Starts on the first placement that may have room; those before it are told as skipped. */
  private static Decision firstWithRoom(
      Observation observation, List<Placement> placements, int round) {
    List<Skip> skipped = new ArrayList<>();
    for (Placement placement : placements) {
      switch (observation.admission(placement)) {
        case Admission.Open _ -> {
          return new Begin(placement, round, skipped);
        }
        case Admission.Undecided(var lookAgain) -> {
          return new Ignore(Optional.of(lookAgain));
        }
        case Admission.Shut shut -> skipped.add(new Skip(placement, shut));
      }
    }
    return new PassOver(round, skipped);
  }

  /** Backends that do not start a trainer again leave that, and the counting, to us. */
  private static boolean interruptedTooOften(Observation observation) {
    List<Attempt> attempts = observation.status().attempts();
    if (attempts.size() <= TOLERATED_INTERRUPTIONS) {
      return false;
    }
    return attempts.subList(attempts.size() - TOLERATED_INTERRUPTIONS - 1, attempts.size()).stream()
        .allMatch(each -> AttemptReason.INTERRUPTED.equals(each.reason()));
  }

  private Decision withAttempt(Observation observation, Attempt attempt, Instant now) {
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
    Optional<Duration> left = deadline(observation, now);
    if (left.filter(time -> !time.isPositive()).isPresent()) {
      return new Stop(StopReason.JOB_DEADLINE, deadlineMessage(policy));
    }
    return switch (seen) {
      case AttemptObservation.Missing _ -> missing(observation, attempt, now);
      case AttemptObservation.Waiting waiting -> waiting(observation, attempt, waiting, left, now);
      case AttemptObservation.Running _ ->
          new Note(AttemptState.RUNNING, "Training", "the trainer runs", left);
      case AttemptObservation.Restarting restarting -> restarting(restarting, left);
      case AttemptObservation.Unreachable(String message, _) ->
          new Note(attempt.state(), AttemptReason.UNREACHABLE, message, Optional.of(AGAIN));
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
    Duration age = Duration.between(Instant.parse(attempt.startTime()), now);
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
                waiting.since().orElseGet(() -> waitingSince(observation, attempt)), now));
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
        waiting.message(),
        Optional.of(left.filter(time -> time.compareTo(until) < 0).orElse(until)));
  }

  private static Instant waitingSince(Observation observation, Attempt attempt) {
    Instant start = Instant.parse(attempt.startTime());
    return observation.status().conditions().stream()
        .filter(each -> "Running".equals(each.type()) && "False".equals(each.status()))
        .map(Condition::lastTransitionTime)
        .map(Instant::parse)
        .filter(since -> since.isAfter(start))
        .findFirst()
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

  /** What is left of the job's time, if it is limited and has begun. */
  static Optional<Duration> deadline(Observation observation, Instant now) {
    Long seconds = observation.policy().activeDeadlineSeconds();
    String start = observation.status().startTime();
    if (seconds == null || start == null) {
      return Optional.empty();
    }
    Instant end =
        Instant.parse(start)
            .plusSeconds(seconds)
            .plusSeconds(observation.status().suspendedSeconds())
            .plus(StatusFactory.currentSuspension(observation.status(), now));
    return Optional.of(Duration.between(now, end));
  }

  private static String deadlineMessage(RunPolicy policy) {
    return "not done after %d s (runPolicy.activeDeadlineSeconds)"
        .formatted(policy.activeDeadlineSeconds());
  }

  private static Decision cleanUp(Observation observation, Instant now) {
    boolean onRecord = observation.status().attempts().stream().anyMatch(Attempt::onRecord);
    boolean inCluster = !(observation.attempt() instanceof AttemptObservation.Missing);
    RunPolicy policy = observation.policy();
    Optional<Duration> left =
        Optional.ofNullable(policy.ttlSecondsAfterFinished())
            .map(
                seconds ->
                    Duration.between(
                        now,
                        Instant.parse(observation.status().completionTime()).plusSeconds(seconds)));
    if (!inCluster && !onRecord) {
      return new Ignore(Optional.empty());
    }
    if (left.filter(time -> !time.isPositive()).isPresent()) {
      return inCluster
          ? new CleanUp(Leftover.JOB, onRecord ? Optional.of(SETTLE) : Optional.empty())
          : new CleanUp(Leftover.CUSTOM_JOBS, Optional.empty());
    }
    var replicas = observation.attempt().replicas();
    int doomed =
        switch (policy.cleanPodPolicy()) {
          case NONE -> 0;
          case RUNNING -> replicas.active();
          case ALL -> replicas.active() + replicas.succeeded() + replicas.failed();
        };
    return doomed > 0 && policy.cleanPodPolicy() != CleanPodPolicy.NONE
        ? new CleanUp(Leftover.PODS, left)
        : new Ignore(left);
  }
}
