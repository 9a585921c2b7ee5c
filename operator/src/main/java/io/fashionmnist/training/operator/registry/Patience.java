package io.fashionmnist.training.operator.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * When something that failed is tried again: from five seconds to five minutes later, and not all
 * at once.
 *
 * @param failures that many in a row before
 */
record Patience(int failures, InstantSource clock, RandomGenerator random) {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final int DOUBLINGS = 6;

  /** Ten minutes or so. */
  private static final int ENOUGH = 7;

  /** When to try again after one more failure. */
  Instant again() {
    double jitter = 1 + random.nextDouble() / 2;
    long millis = (long) ((FIRST_PAUSE.toMillis() << Math.min(DOUBLINGS, failures)) * jitter);
    return clock.instant().plusMillis(millis);
  }

  /** Whether what can be done without is done without from now on. */
  boolean exhausted() {
    return failures >= ENOUGH;
  }
}
