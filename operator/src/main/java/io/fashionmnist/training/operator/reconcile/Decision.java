package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.Stray;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.registry.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a pass does: at most one effect on the world. */
sealed interface Decision {
  /** Nothing, and nothing is written. */
  record Ignore(Optional<Duration> lookAgain) implements Decision {}

  /** End what runs although its attempt is over; the resource itself is asked before. */
  record EndStray(Stray stray) implements Decision {}

  /**
   * Start an attempt: the intent is written, then carried out.
   *
   * @param skipped placements before it in the list, which are known to have no room
   */
  record Begin(Placement placement, int round, List<Skip> skipped) implements Decision {}

  /** No placement that is left in this round has room: written without any attempt. */
  record PassOver(int round, List<Skip> skipped) implements Decision {}

  /** Carry out an intent of which nothing can be seen; the backend itself is asked first. */
  record Submit(Placement placement) implements Decision {}

  /** Write what the active attempt does. */
  record Note(AttemptState state, String reason, String message, Optional<Duration> lookAgain)
      implements Decision {}

  /** End the active attempt: the intent is written, then carried out. */
  record Stop(StopReason reason, String message) implements Decision {}

  /**
   * The active attempt has ended, and the job goes on.
   *
   * @param failures counted against the backoff limit, beside those seen in the attempt
   */
  record End(AttemptState state, String reason, String message, int failures) implements Decision {}

  /** The job is over, and so is its active attempt. */
  record Finish(Phase phase, String reason, String message) implements Decision {}

  /** Wait for the next round through the placements. */
  record Pause(Instant until, String message) implements Decision {}

  /** No attempt is live, and none is started until the user resumes the job. */
  record Suspend() implements Decision {}

  /** A step towards the registration of a succeeded job's model. */
  record Register(Step step) implements Decision {}

  /** Delete what a finished job left. */
  record CleanUp(Leftover leftover, Optional<Duration> lookAgain) implements Decision {}

  /**
   * Nothing of the job that is not the cluster's own is left: it may go.
   *
   * @param abandoned what could not be seen to end, if anything
   */
  record LetGo(Optional<String> abandoned) implements Decision {}

  /** A placement without room, and why. */
  record Skip(Placement placement, Admission.Shut cause) {}

  /** What a finished job leaves. */
  enum Leftover {
    PODS,
    JOB,
    /** What Vertex AI keeps on record of attempts that are over. */
    CUSTOM_JOBS
  }
}
