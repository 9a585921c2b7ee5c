package io.fashionmnist.training.operator.metric;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.status.StatusChange;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Counts what becomes of jobs and attempts, by comparing a status with the one before it. */
public final class JobMetrics implements StatusChange.Listener {
  private static final String BACKEND = "backend";
  private static final String CAPACITY = "capacity";
  private static final String REASON = "reason";
  private static final String STARTED = "fashion.training.attempts.started";
  private static final String FINISHED = "fashion.training.jobs.finished";
  private static final String RESULT = "result";
  private static final String REGISTRATIONS = "fashion.training.registrations";

  private final MeterRegistry registry;
  private final Reasons reasons = new Reasons();

  public JobMetrics(MeterRegistry registry) {
    this.registry = registry;
    // There from the start: Prometheus does not count the step from nothing to one.
    registry.counter(REGISTRATIONS, REASON, "Registered");
    registry.counter(STARTED, BACKEND, "cluster", CAPACITY, "cluster");
    for (VertexPlacement.Strategy strategy : VertexPlacement.Strategy.values()) {
      registry.counter(STARTED, BACKEND, "vertex", CAPACITY, lowerCase(strategy));
    }
    for (String backend : List.of("none", "vertex", "cluster")) {
      for (Phase result : List.of(Phase.SUCCEEDED, Phase.FAILED)) {
        registry.counter(FINISHED, BACKEND, backend, RESULT, lowerCase(result));
      }
    }
  }

  @Override
  public void changed(StatusChange change) {
    FashionTrainingJobStatus before = change.before();
    FashionTrainingJobStatus after = change.after();
    after.attempts().stream()
        .filter(attempt -> attempt.number() > before.attemptCount())
        .forEach(attempt -> added(attempt, change));
    if (!after.attempts().isEmpty()) {
      Attempt last = after.attempts().getLast();
      if (last.state() == AttemptState.RUNNING && stateBefore(before) == AttemptState.QUEUED) {
        time("fashion.training.queue", tags(last, change), Buckets.QUEUE, last, change.now());
      }
      if (change.endsAttempt()) {
        ended(last, change);
      }
    }
    registration(after)
        .filter(condition -> !Optional.of(condition).equals(registration(before)))
        .ifPresent(
            condition ->
                registry
                    .counter(REGISTRATIONS, REASON, reasons.label(condition.reason()))
                    .increment());
    if (change.finishes()) {
      String backend =
          after.attempts().isEmpty() ? "none" : lowerCase(after.attempts().getLast().backend());
      registry.counter(FINISHED, BACKEND, backend, RESULT, lowerCase(after.phase())).increment();
    }
  }

  private static Optional<Condition> registration(FashionTrainingJobStatus status) {
    return status
        .condition(FashionTrainingJob.MODEL_REGISTERED)
        .filter(condition -> !condition.status().equals("Unknown"));
  }

  private void added(Attempt attempt, StatusChange change) {
    Tags tags = tags(attempt, change);
    if (attempt.state() == AttemptState.SKIPPED) {
      registry
          .counter(
              "fashion.training.placements.skipped",
              tags.and(REASON, reasons.label(attempt.reason())))
          .increment();
    } else {
      registry.counter(STARTED, tags).increment();
    }
  }

  private void ended(Attempt attempt, StatusChange change) {
    Tags tags = tags(attempt, change);
    Tags reason = tags.and(REASON, reasons.label(attempt.reason()));
    String state = lowerCase(attempt.state());
    registry.counter("fashion.training.attempts.ended", reason.and("state", state)).increment();
    if (attempt.state() == AttemptState.OUT_OF_CAPACITY) {
      registry.counter("fashion.training.fallbacks", reason).increment();
    }
    time("fashion.training.run", tags.and("state", state), Buckets.RUN, attempt, change.now());
  }

  private void time(String name, Tags tags, Duration[] buckets, Attempt attempt, Instant now) {
    Timer.builder(name)
        .tags(tags)
        .serviceLevelObjectives(buckets)
        .register(registry)
        .record(Duration.between(Instant.parse(attempt.startTime()), now));
  }

  private static Tags tags(Attempt attempt, StatusChange change) {
    return Tags.of(BACKEND, lowerCase(attempt.backend()), CAPACITY, capacity(attempt, change));
  }

  /** What kind of machines: of the cluster, or of Vertex AI at the usual price or as Spot. */
  private static String capacity(Attempt attempt, StatusChange change) {
    if (attempt.backend() == Backend.CLUSTER) {
      return "cluster";
    }
    return change
        .plan()
        .named(attempt.placement())
        .flatMap(placement -> Optional.ofNullable(placement.vertex()))
        .map(vertex -> lowerCase(vertex.strategy()))
        .orElse("unknown");
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static AttemptState stateBefore(FashionTrainingJobStatus before) {
    return before.attempts().isEmpty() ? AttemptState.QUEUED : before.attempts().getLast().state();
  }
}
