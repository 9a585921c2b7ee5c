package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** {@code runPolicy.activeDeadlineSeconds}: over all attempts, suspension excluded. Pure. */
final class Deadline {
  private Deadline() {}

  /** What is left of the job's time, if it is limited and has begun. */
  static Optional<Duration> left(Observation observation, Instant now) {
    Long seconds = observation.policy().activeDeadlineSeconds();
    String start = observation.status().startTime();
    if (seconds == null || start == null) {
      return Optional.empty();
    }
    Instant end =
        Instant.parse(start)
            .plusSeconds(seconds)
            .plusSeconds(observation.status().suspendedSeconds())
            .plus(StatusFactory.currentSuspension(observation.status(), now));
    return Optional.of(Duration.between(now, end));
  }

  static boolean passed(Observation observation, Instant now) {
    return left(observation, now).filter(time -> !time.isPositive()).isPresent();
  }

  static String message(RunPolicy policy) {
    return "not done after %d s (runPolicy.activeDeadlineSeconds)"
        .formatted(policy.activeDeadlineSeconds());
  }
}
