package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.operator.backend.AttemptReason;
import java.time.Duration;
import java.time.Instant;

/**
 * When an attempt may follow a failed one. In the cluster a Job sees to that; on Vertex AI pauses
 * are as long as a Job's: 10 s, doubled with each failure that counts, up to 6 min.
 */
final class Rest {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(6);

  private Rest() {}

  /** Long ago where nothing has to be waited for. */
  static Instant until(Observation observation, Attempt last) {
    int failures = observation.status().failureCount();
    boolean counted =
        last.backend() == Backend.VERTEX
            && last.state() == AttemptState.FAILED
            && !AttemptReason.INTERRUPTED.equals(last.reason())
            && failures > 0;
    if (!counted) {
      return Instant.MIN;
    }
    Duration pause = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
    return Instant.parse(last.endTime()).plus(pause.compareTo(LONGEST) < 0 ? pause : LONGEST);
  }
}
