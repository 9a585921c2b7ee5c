package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a pass does: at most one effect on the world. */
sealed interface Decision {
  /** Nothing, and nothing is written. */
  record Ignore(Optional<Duration> lookAgain) implements Decision {}

  /** Start an attempt: the intent is written, then carried out. */
  record Begin(Placement placement, int round) implements Decision {}

  /** Carry out an intent of which nothing can be seen; the API server itself is asked first. */
  record Submit(Placement placement) implements Decision {}

  /** Write what the active attempt does. */
  record Note(AttemptState state, String reason, String message, Optional<Duration> lookAgain)
      implements Decision {}

  /** End the active attempt: the intent is written, then carried out. */
  record Stop(StopReason reason, String message) implements Decision {}

  /** The active attempt has ended, and the job goes on. */
  record End(AttemptState state, String reason, String message, int failures) implements Decision {}

  /** The job is over, and so is its active attempt. */
  record Finish(Phase phase, String reason, String message) implements Decision {}

  /** Wait for the next round through the placements. */
  record Pause(Instant until, String message) implements Decision {}

  /** No attempt is live, and none is started until the user resumes the job. */
  record Suspend() implements Decision {}

  /** Delete what a finished job left in the cluster. */
  record CleanUp(Leftover leftover, Optional<Duration> lookAgain) implements Decision {}

  /** What a finished job leaves. */
  enum Leftover {
    PODS,
    JOB
  }
}
