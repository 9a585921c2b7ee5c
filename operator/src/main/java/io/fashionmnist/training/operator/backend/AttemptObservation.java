package io.fashionmnist.training.operator.backend;

import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What can be seen of an attempt. */
public sealed interface AttemptObservation {
  /** There is nothing that runs it, nor any of its pods. */
  record Missing() implements AttemptObservation {
    @Override
    public ReplicaStatus replicas() {
      return ReplicaStatus.NONE;
    }
  }

  /** Who could tell does not answer: it may or may not run. */
  record Unreachable(String message, ReplicaStatus replicas) implements AttemptObservation {}

  /**
   * It is being removed, or pods of it are left.
   *
   * @param complaint that it takes too long, should it
   */
  record Leaving(Optional<String> complaint, ReplicaStatus replicas) implements AttemptObservation {
    /** In good time. */
    public Leaving(ReplicaStatus replicas) {
      this(Optional.empty(), replicas);
    }
  }

  /**
   * It does not run yet.
   *
   * @param cause what it waits for
   * @param reason one word; Starting when nothing stands in its way
   * @param since when it began to wait for capacity, where that is later than the attempt's start
   * @param lookAgain when something may have changed that nobody tells
   */
  record Waiting(
      Cause cause,
      String reason,
      String message,
      Optional<Instant> since,
      Optional<Duration> lookAgain,
      ReplicaStatus replicas)
      implements AttemptObservation {
    /** Every change is told. */
    public Waiting(
        Cause cause,
        String reason,
        String message,
        Optional<Instant> since,
        ReplicaStatus replicas) {
      this(cause, reason, message, since, Optional.empty(), replicas);
    }

    /** Since the attempt's start. */
    public Waiting(Cause cause, String reason, String message, ReplicaStatus replicas) {
      this(cause, reason, message, Optional.empty(), replicas);
    }

    /** The same, to be looked at again after a while. */
    public Waiting again(Duration after) {
      return new Waiting(cause, reason, message, since, Optional.of(after), replicas);
    }
  }

  /** The trainer runs. */
  record Running(Failures failures, ReplicaStatus replicas) implements AttemptObservation {}

  /** The trainer ended early and is being started again by its backend. */
  record Restarting(String reason, String message, Failures failures, ReplicaStatus replicas)
      implements AttemptObservation {}

  /** It ended well. */
  record Succeeded(Optional<TrainingReport> report, ReplicaStatus replicas)
      implements AttemptObservation {}

  /** It was cancelled and does not run any more. */
  record Cancelled(String message, ReplicaStatus replicas) implements AttemptObservation {}

  /**
   * It ended badly, or was not taken, and is not tried again by its backend.
   *
   * @param consequence what that means for the job
   * @param quotaMetrics quota metrics that were exceeded
   */
  record Failed(
      Consequence consequence,
      String reason,
      String message,
      List<String> quotaMetrics,
      Failures failures,
      Optional<TrainingReport> report,
      ReplicaStatus replicas)
      implements AttemptObservation {
    public Failed {
      quotaMetrics = List.copyOf(quotaMetrics);
    }

    /** The same with another message. */
    public Failed saying(String other) {
      return new Failed(consequence, reason, other, quotaMetrics, failures, report, replicas);
    }
  }

  /** What a failed attempt means for its job. */
  enum Consequence {
    /** The job has failed: another attempt would end the same way. */
    FINAL,
    /** Another attempt may do better, as far as the backoff limit goes. */
    RETRY,
    /** There was no room: the next placement may have some. */
    ELSEWHERE
  }

  /** Why an attempt does not run. */
  enum Cause {
    /** It was just started. */
    STARTING,
    /** No room: another placement may have some. */
    CAPACITY,
    /** Something is set wrongly, such as an image that does not exist. */
    CONFIGURATION
  }

  /**
   * How often the trainer ended early.
   *
   * @param counted against the backoff limit
   * @param interruptions not counted: a saved state at SIGTERM, an eviction, a lost node
   */
  record Failures(int counted, int interruptions) {
    public static final Failures NONE = new Failures(0, 0);
  }

  /** The pods, as the status shows them. */
  ReplicaStatus replicas();

  /** How often the trainer ended early in this attempt, as far as it can be seen. */
  default Failures failures() {
    return switch (this) {
      case Running(var failures, _) -> failures;
      case Restarting(_, _, var failures, _) -> failures;
      case Failed failed -> failed.failures();
      case Missing _, Unreachable _, Leaving _, Waiting _, Succeeded _, Cancelled _ ->
          Failures.NONE;
    };
  }

  /** The trainer's last word, if it left one where the end is told. */
  default Optional<TrainingReport> lastReport() {
    return switch (this) {
      case Succeeded(var report, _) -> report;
      case Failed failed -> failed.report();
      case Missing _, Unreachable _, Leaving _, Waiting _, Running _, Restarting _, Cancelled _ ->
          Optional.empty();
    };
  }
}
