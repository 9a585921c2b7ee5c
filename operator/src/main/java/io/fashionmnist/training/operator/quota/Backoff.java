package io.fashionmnist.training.operator.quota;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a full metric is left alone: twice as long after each probe that fails.
 *
 * @param first after the first refusal
 * @param longest at most, before the jitter
 * @param jitter share by which a pause may be longer, so that operators don't march in step
 */
record Backoff(Duration first, Duration longest, double jitter) {
  static final Backoff DEFAULT = new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(30), 0.2);

  /** The pause after so many refusals in a row, from 1. */
  Duration after(int refusals, RandomGenerator random) {
    double doubled = first.toMillis() * Math.pow(2, Math.min(refusals - 1, 30));
    double pause = Math.min(doubled, longest.toMillis());
    return Duration.ofMillis((long) (pause * (1 + jitter * random.nextDouble())));
  }
}
