package io.fashionmnist.training.operator.metric;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Counts what becomes of jobs and attempts, by comparing a status with the one before it:
 *
 * <ul>
 *   <li>{@code fashion_training_attempts_started_total{backend}}
 *   <li>{@code fashion_training_placements_skipped_total{backend,reason}}
 *   <li>{@code fashion_training_attempts_ended_total{backend,state,reason}}; falling back is the
 *       state {@code out_of_capacity}
 *   <li>{@code fashion_training_queue_seconds{backend}}: from an attempt's start until its trainer
 *       runs
 *   <li>{@code fashion_training_run_seconds{backend,state}}: from an attempt's start to its end
 *   <li>{@code fashion_training_jobs_finished_total{backend,phase}}
 *   <li>{@code fashion_training_registrations_total{reason}}: {@code Registered}, or why not
 * </ul>
 */
public final class JobMetrics {
  private static final String BACKEND = "backend";

  private final MeterRegistry registry;

  public JobMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Counts what a written status has that the one before it had not. */
  public void changed(
      FashionTrainingJobStatus before, FashionTrainingJobStatus after, Instant now) {
    if (after.attempts().isEmpty()) {
      return;
    }
    Attempt last = after.attempts().getLast();
    String backend = label(last.backend());
    after.attempts().stream()
        .filter(attempt -> attempt.number() > before.attemptCount())
        .forEach(this::added);
    if (last.state() == AttemptState.RUNNING && stateBefore(before) == AttemptState.QUEUED) {
      registry
          .timer("fashion.training.queue", BACKEND, backend)
          .record(Duration.between(Instant.parse(last.startTime()), now));
    }
    if (before.activeAttempt() != null && after.activeAttempt() == null) {
      String state = label(last.state());
      registry
          .counter(
              "fashion.training.attempts.ended",
              BACKEND,
              backend,
              "state",
              state,
              "reason",
              last.reason())
          .increment();
      registry
          .timer("fashion.training.run", BACKEND, backend, "state", state)
          .record(Duration.between(Instant.parse(last.startTime()), now));
    }
    registration(after)
        .filter(condition -> !Optional.of(condition).equals(registration(before)))
        .ifPresent(
            condition ->
                registry
                    .counter("fashion.training.registrations", "reason", condition.reason())
                    .increment());
    if (after.phase().finished() && (before.phase() == null || !before.phase().finished())) {
      registry
          .counter(
              "fashion.training.jobs.finished", BACKEND, backend, "phase", label(after.phase()))
          .increment();
    }
  }

  private static Optional<Condition> registration(FashionTrainingJobStatus status) {
    return status
        .condition(FashionTrainingJob.MODEL_REGISTERED)
        .filter(condition -> !condition.status().equals("Unknown"));
  }

  private void added(Attempt attempt) {
    String backend = label(attempt.backend());
    if (attempt.state() == AttemptState.SKIPPED) {
      registry
          .counter(
              "fashion.training.placements.skipped", BACKEND, backend, "reason", attempt.reason())
          .increment();
    } else {
      registry.counter("fashion.training.attempts.started", BACKEND, backend).increment();
    }
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static AttemptState stateBefore(FashionTrainingJobStatus before) {
    return before.attempts().isEmpty() ? AttemptState.QUEUED : before.attempts().getLast().state();
  }
}
