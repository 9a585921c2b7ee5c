package io.fashionmnist.training.operator.status;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.time.Instant;

/**
 * What a pass has written: the one place from which a job's story is told.
 *
 * @param job the resource as it is now
 * @param plan where it may run
 * @param before the status that the pass saw
 * @param after the status that it wrote
 */
public record StatusChange(
    FashionTrainingJob job,
    PlacementPlan plan,
    FashionTrainingJobStatus before,
    FashionTrainingJobStatus after,
    Instant now) {

  /** Whoever tells of it, and decides nothing by it. */
  @FunctionalInterface
  public interface Listener {
    /** Is told once, after the write; must neither wait nor throw. */
    void changed(StatusChange change);
  }

  /** Whether the job is over since this write. */
  public boolean finishes() {
    return after.phase().finished() && (before.phase() == null || !before.phase().finished());
  }

  /** Whether the live attempt is over since this write; it is the last one of {@code after}. */
  public boolean endsAttempt() {
    return before.activeAttempt() != null && after.activeAttempt() == null;
  }
}
