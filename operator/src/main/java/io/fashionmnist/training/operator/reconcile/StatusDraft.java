package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ModelStatus;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A status being changed by a decision. */
final class StatusDraft {
  private static final String ROLE = "Worker";
  private static final String STARTING = AttemptReason.STARTING;

  private final Observation observation;
  private final StatusFactory.Naming naming;
  private final FashionTrainingJobStatus before;
  private final Instant time;
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

  StatusDraft(Observation observation, StatusFactory.Naming naming, Instant time) {
    this.observation = observation;
    this.naming = naming;
    this.before = observation.status();
    this.time = time;
    now = StatusFactory.time(time);
    attempts = new ArrayList<>(before.attempts());
    startTime = Optional.ofNullable(before.startTime());
    completionTime = Optional.empty();
    active = Optional.ofNullable(before.activeAttempt());
    model = Optional.ofNullable(before.model());
    attemptCount = before.attemptCount();
    failures = before.failureCount();
    round = before.round();
  }

  /** Tells the placements that were passed over, each as an attempt that was not made. */
  StatusDraft skip(List<Decision.Skip> skipped, int newRound) {
    round = newRound;
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

  FashionTrainingJobStatus begin(Placement placement, int newRound) {
    round = newRound;
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

  private Attempt attempt(Placement placement, AttemptState state, String reason, String message) {
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

  StatusDraft attempt(AttemptState state, String reason, String message) {
    if (!attempts.isEmpty()) {
      Attempt last = attempts.getLast().as(state, reason, message);
      attempts.set(
          attempts.size() - 1, observation.sight().externalName().map(last::named).orElse(last));
    }
    return this;
  }

  /** What has failed so far can't be seen any more once its pods are gone. */
  StatusDraft stopping(String reason, String message) {
    if (attempts.getLast().state() != AttemptState.STOPPING) {
      failures += observation.attempt().failures().counted();
    }
    return attempt(AttemptState.STOPPING, reason, message);
  }

  StatusDraft retried() {
    attempts.set(attempts.size() - 1, attempts.getLast().retriedAt(now));
    return this;
  }

  StatusDraft ended(AttemptState state, String reason, String message, int counted) {
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

  StatusDraft finished() {
    completionTime = Optional.of(now);
    return this;
  }

  /** For capacity, or only for a while after a failure. */
  FashionTrainingJobStatus waiting(String message) {
    return attempts.getLast().state().lacksCapacity()
        ? job(Phase.PENDING, "WaitingForCapacity", message)
        : job(Phase.RESTARTING, "BackingOff", message);
  }

  StatusDraft retryAt(String time) {
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
        suspendedSeconds(phase),
        observation.plan().all(),
        before.training(),
        model.orElse(null));
  }

  /** A suspension counts once it is over; before the first attempt no time runs. */
  private long suspendedSeconds(Phase phase) {
    return phase == Phase.SUSPENDED || before.startTime() == null
        ? before.suspendedSeconds()
        : before.suspendedSeconds() + StatusFactory.currentSuspension(before, time).toSeconds();
  }

  private Map<String, ReplicaStatus> replicas() {
    return attempts.isEmpty() ? Map.of() : Map.of(ROLE, observation.attempt().replicas());
  }
}
