package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ModelStatus;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.registry.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The one place where a status is made: what was, changed by a decision. Pure; the same decision on
 * the same status changes nothing. {@code status.training} is not made here: trainers own it.
 */
final class StatusFactory {
  private static final String ROLE = "Worker";
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
    Draft draft = new Draft(observation, naming, time(now));
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
          draft
              .skip(skipped, round, suspended(observation.status(), now))
              .begin(placement, round, suspended(observation.status(), now));
      case Decision.PassOver(int round, List<Decision.Skip> skipped) ->
          draft
              .skip(skipped, round, suspended(observation.status(), now))
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
          draft
              .attempt(AttemptState.STOPPING, reason.text(), message)
              .job(Phase.QUEUED, reason.text(), message);
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
      case Decision.Register(Step step) -> registered(observation, step, now);
      case Decision.Suspend _ ->
          draft.job(Phase.SUSPENDED, "Suspended", "suspended by runPolicy.suspend");
    };
  }

  /** Of a job that is over only its registration changes. */
  private static FashionTrainingJobStatus registered(
      Observation observation, Step step, Instant now) {
    FashionTrainingJobStatus before = observation.status();
    return switch (step) {
      case Step.Wait _, Step.Ask _ -> before;
      case Step.Tell(Step.Answer answer, String reason, String message, ModelStatus model) ->
          before.with(registered(observation, answer, reason, message, now), model);
      case Step.Upload(_, ModelStatus model) ->
          before.with(
              registered(
                  observation,
                  Step.Answer.NOT_YET,
                  "Uploading",
                  "the model is being uploaded from " + model.uri(),
                  now),
              model.uploadedAt(time(now)));
    };
  }

  private static Condition registered(
      Observation observation, Step.Answer answer, String reason, String message, Instant now) {
    String since =
        observation
            .status()
            .condition(FashionTrainingJob.MODEL_REGISTERED)
            .filter(old -> old.status().equals(answer.text()))
            .map(Condition::lastTransitionTime)
            .orElseGet(() -> time(now));
    return new Condition(
        FashionTrainingJob.MODEL_REGISTERED,
        answer.text(),
        observation.job().getMetadata().getGeneration(),
        since,
        reason,
        message);
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

  private static long suspended(FashionTrainingJobStatus status, Instant now) {
    // Before the first attempt no time runs that could be excluded.
    return status.startTime() == null
        ? 0
        : status.suspendedSeconds() + currentSuspension(status, now).toSeconds();
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A status being changed. */
  private static final class Draft {
    private final Observation observation;
    private final Naming naming;
    private final FashionTrainingJobStatus before;
    private final String now;
    private final List<Attempt> attempts;
    private Optional<String> startTime;
    private Optional<String> completionTime;
    private Optional<Integer> active;
    private Optional<String> retryTime = Optional.empty();
    private Optional<ModelStatus> model;
    private int attemptCount;
    private int failures;
    private int round;
    private long suspendedSeconds;

    Draft(Observation observation, Naming naming, String now) {
      this.observation = observation;
      this.naming = naming;
      this.before = observation.status();
      this.now = now;
      attempts = new ArrayList<>(before.attempts());
      startTime = Optional.ofNullable(before.startTime());
      completionTime = Optional.empty();
      active = Optional.ofNullable(before.activeAttempt());
      model = Optional.ofNullable(before.model());
      attemptCount = before.attemptCount();
      failures = before.failureCount();
      round = before.round();
      suspendedSeconds = before.suspendedSeconds();
    }

    /** Tells the placements that were passed over, each as an attempt that was not made. */
    Draft skip(List<Decision.Skip> skipped, int newRound, long suspended) {
      round = newRound;
      suspendedSeconds = suspended;
      for (Decision.Skip skip : skipped) {
        add(
            attempt(
                    skip.placement(),
                    AttemptState.SKIPPED,
                    skip.cause().reason(),
                    skip.cause().message())
                .exceeding(skip.cause().quotaMetrics())
                .endedAt(now));
      }
      return this;
    }

    FashionTrainingJobStatus begin(Placement placement, int newRound, long suspended) {
      round = newRound;
      suspendedSeconds = suspended;
      startTime = startTime.or(() -> Optional.of(now));
      add(
          attempt(
              placement,
              AttemptState.QUEUED,
              STARTING,
              switch (placement.backend()) {
                case CLUSTER -> "the pod is being started";
                case VERTEX -> "the custom job is being created";
              }));
      active = Optional.of(attemptCount);
      return job(
          Phase.QUEUED,
          STARTING,
          "attempt %d starts on placement %s".formatted(attemptCount, placement.name()));
    }

    private Attempt attempt(
        Placement placement, AttemptState state, String reason, String message) {
      int number = attemptCount + 1;
      FashionTrainingJob job = observation.job();
      AttemptName name = naming.of(job, placement, number);
      return new Attempt(
          number,
          placement.name(),
          placement.backend(),
          name.location().orElse(null),
          state == AttemptState.SKIPPED ? null : name.externalName().orElse(null),
          state,
          reason,
          message,
          List.of(),
          state == AttemptState.SKIPPED
              ? null
              : OutputFolders.of(
                  observation.plan().outputOf(placement).orElseThrow(), job.getMetadata(), number),
          now,
          null,
          null,
          null);
    }

    private void add(Attempt attempt) {
      attemptCount++;
      attempts.add(attempt);
      while (attempts.size() > FashionTrainingJobStatus.ATTEMPTS_KEPT) {
        attempts.removeFirst();
      }
    }

    Draft attempt(AttemptState state, String reason, String message) {
      if (!attempts.isEmpty()) {
        Attempt last = attempts.getLast().as(state, reason, message);
        attempts.set(
            attempts.size() - 1, observation.sight().externalName().map(last::named).orElse(last));
      }
      return this;
    }

    Draft retried() {
      attempts.set(attempts.size() - 1, attempts.getLast().retriedAt(now));
      return this;
    }

    Draft ended(AttemptState state, String reason, String message, int counted) {
      if (active.isPresent()) {
        attempt(state, reason, message);
        Attempt last = attempts.getLast().endedAt(now);
        attempts.set(
            attempts.size() - 1,
            observation.attempt() instanceof AttemptObservation.Failed failed
                ? last.exceeding(failed.quotaMetrics())
                : last);
        failures += counted;
      }
      active = Optional.empty();
      return this;
    }

    Draft finished() {
      completionTime = Optional.of(now);
      return this;
    }

    /** For capacity, or only for a while after a failure. */
    FashionTrainingJobStatus waiting(String message) {
      return attempts.getLast().state().lacksCapacity()
          ? job(Phase.PENDING, "WaitingForCapacity", message)
          : job(Phase.RESTARTING, "BackingOff", message);
    }

    Draft retryAt(String time) {
      retryTime = Optional.of(time);
      return this;
    }

    FashionTrainingJobStatus sameWords() {
      return job(Phase.QUEUED, attempts.getLast().reason(), attempts.getLast().message());
    }

    FashionTrainingJobStatus job(Phase phase, String reason, String message) {
      Optional<Attempt> last =
          attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.getLast());
      if (phase == Phase.SUCCEEDED) {
        model = last.map(each -> ModelStatus.in(each.outputUri() + "/model"));
      }
      Long generation = observation.job().getMetadata().getGeneration();
      return new FashionTrainingJobStatus(
          generation,
          phase,
          last.map(Attempt::backend).orElse((Backend) null),
          last.map(Attempt::placement).orElse(null),
          startTime.orElse(null),
          completionTime.orElse(null),
          new Conditions(before.conditions(), generation, now).of(phase, reason, message, attempts),
          replicas(),
          attempts,
          attemptCount,
          active.orElse(null),
          failures,
          round,
          retryTime.orElse(null),
          suspendedSeconds,
          observation.plan().all(),
          before.training(),
          model.orElse(null));
    }

    private Map<String, ReplicaStatus> replicas() {
      return attempts.isEmpty() ? Map.of() : Map.of(ROLE, observation.attempt().replicas());
    }
  }
}
