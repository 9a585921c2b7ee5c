package io.fashionmnist.training.operator.backend;

import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import java.util.Optional;

/** What can be seen of an attempt. */
public sealed interface AttemptObservation {
  /** There is nothing that runs it, nor any of its pods. */
  record Missing() implements AttemptObservation {
    @Override
    public ReplicaStatus replicas() {
      return new ReplicaStatus(0, 0, 0);
    }
  }

  /** It is being removed, or pods of it are left. */
  record Leaving(ReplicaStatus replicas) implements AttemptObservation {}

  /**
   * It does not run yet.
   *
   * @param cause what it waits for
   * @param reason one word; Starting when nothing stands in its way
   */
  record Waiting(Cause cause, String reason, String message, ReplicaStatus replicas)
      implements AttemptObservation {}

  /** The trainer runs. */
  record Running(Failures failures, ReplicaStatus replicas) implements AttemptObservation {}

  /** The trainer ended early and is being started again. */
  record Restarting(String reason, String message, Failures failures, ReplicaStatus replicas)
      implements AttemptObservation {}

  /** It ended well. */
  record Succeeded(Optional<TrainingReport> report, ReplicaStatus replicas)
      implements AttemptObservation {}

  /** It ended badly and is not tried again by its backend. */
  record Failed(
      String reason,
      String message,
      Failures failures,
      Optional<TrainingReport> report,
      ReplicaStatus replicas)
      implements AttemptObservation {}

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
      case Failed(_, _, var failures, _, _) -> failures;
      case Missing _, Leaving _, Waiting _, Succeeded _ -> Failures.NONE;
    };
  }
}
