package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.operator.backend.AttemptReason;
import java.util.Arrays;
import java.util.Optional;

/** Why the operator ends an attempt, and what the attempt then is. */
enum StopReason {
  SUSPENDED("Suspended", AttemptState.SUSPENDED),
  QUEUE_DEADLINE(AttemptReason.QUEUE_DEADLINE_EXCEEDED, AttemptState.OUT_OF_CAPACITY),
  DELETED("Deleted", AttemptState.SUSPENDED),
  JOB_DEADLINE("DeadlineExceeded", AttemptState.FAILED),
  INTERRUPTED_TOO_OFTEN("InterruptedTooOften", AttemptState.FAILED),
  IMAGE("ImagePullFailed", AttemptState.FAILED),
  CONTAINER("ContainerConfigError", AttemptState.FAILED),
  POD_REFUSED("PodRefused", AttemptState.FAILED);

  private final String text;
  private final AttemptState outcome;

  StopReason(String text, AttemptState outcome) {
    this.text = text;
    this.outcome = outcome;
  }

  String text() {
    return text;
  }

  AttemptState outcome() {
    return outcome;
  }

  /** The reason that is spelled so. */
  static Optional<StopReason> of(String text) {
    return Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst();
  }
}
