package io.fashionmnist.training.operator.placement;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FallbackSpec;
import io.fashionmnist.training.api.v1alpha1.Placement;
import java.time.Instant;
import java.util.List;

/**
 * Where a job goes whose last attempt found no capacity: on in the order of its placements, and
 * through them again after a pause, for a number of rounds. Pure.
 *
 * @param plan the job's placements as they are now
 * @param spec how many rounds, and how long the pauses are
 */
public record FallbackPolicy(PlacementPlan plan, FallbackSpec spec) {

  /** What follows an attempt that found no capacity. */
  public sealed interface Next {
    /**
     * The first of these that may have room.
     *
     * @param placements in order, at least one
     * @param round which pass through the list this is, from 1
     */
    record Try(List<Placement> placements, int round) implements Next {
      public Try {
        placements = List.copyOf(placements);
      }
    }

    /** All are full: another round begins then. */
    record Wait(Instant until, int round) implements Next {}

    /** All were full in each of that many rounds. */
    record GiveUp(int rounds) implements Next {}
  }

  /**
   * Decides from where that attempt was made. When its placement is no longer in the list, the
   * round is over.
   *
   * @param last an attempt that is over and found no capacity
   * @param round the round that it was made in
   */
  public Next after(Attempt last, int round, Instant now) {
    List<Placement> following = plan.after(last.placement());
    if (!following.isEmpty()) {
      return new Next.Try(following, round);
    }
    if (round >= spec.maxRounds()) {
      return new Next.GiveUp(round);
    }
    Instant until = Instant.parse(last.endTime()).plus(spec.pauseAfter(round));
    return until.isAfter(now)
        ? new Next.Wait(until, round + 1)
        : new Next.Try(plan.eligible(), round + 1);
  }
}
