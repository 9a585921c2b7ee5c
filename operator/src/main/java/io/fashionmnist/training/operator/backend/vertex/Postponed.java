package io.fashionmnist.training.operator.backend.vertex;

import io.fashionmnist.training.operator.quota.AttemptKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Attempts that were surely not created because the service was too busy, and when they are tried
 * again. Lost in a restart, they wait as long as one whose creation is in doubt.
 */
final class Postponed {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final int DOUBLINGS = 3;

  private record Retry(Instant at, int times) {}

  private final InstantSource clock;
  private final RandomGenerator random;
  private final ConcurrentHashMap<AttemptKey, Retry> retries = new ConcurrentHashMap<>();

  Postponed(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** Puts an attempt off, longer each time: 10 to 15 s, up to 80 to 120 s. */
  void postpone(AttemptKey key) {
    retries.compute(
        key,
        (_, before) -> {
          int times = before == null ? 0 : Math.min(DOUBLINGS, before.times() + 1);
          double jitter = 1 + random.nextDouble() / 2;
          long millis = (long) ((FIRST.toMillis() << times) * jitter);
          return new Retry(clock.instant().plusMillis(millis), times);
        });
  }

  /** Whether an attempt was put off and may be tried again. */
  boolean due(AttemptKey key) {
    Retry retry = retries.get(key);
    return retry != null && !retry.at().isAfter(clock.instant());
  }

  void forget(AttemptKey key) {
    retries.remove(key);
  }
}
