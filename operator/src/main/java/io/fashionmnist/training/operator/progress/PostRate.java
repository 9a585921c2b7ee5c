package io.fashionmnist.training.operator.progress;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often something may happen for each key: now and then three times at once, steadily once
 * every two seconds. A token bucket, kept as the time at which it is full again.
 */
final class PostRate {
  static final Duration INTERVAL = Duration.ofSeconds(2);
  static final int BURST = 3;
  private static final int MOST_KEYS = 10_000;

  private final InstantSource clock;
  private final Map<String, Instant> full = new ConcurrentHashMap<>();

  PostRate(InstantSource clock) {
    this.clock = clock;
  }

  /** Whether it may happen now; if so, it counts. */
  boolean allows(String key) {
    Instant now = clock.instant();
    if (full.size() >= MOST_KEYS) {
      full.values().removeIf(time -> !time.isAfter(now));
    }
    boolean[] allowed = {false};
    full.compute(
        key,
        (_, before) -> {
          Instant from = before == null || before.isBefore(now) ? now : before;
          Instant after = from.plus(INTERVAL);
          allowed[0] = !after.isAfter(now.plus(INTERVAL.multipliedBy(BURST)));
          return allowed[0] ? after : before;
        });
    return allowed[0];
  }
}
