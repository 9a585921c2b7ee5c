package io.fashionmnist.training.operator.https;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often something may happen for each key: now and then a few times at once, steadily once in
 * an interval. A token bucket, kept as the time at which it is full again.
 */
public final class RequestRate {
  private static final int MOST_KEYS = 10_000;

  private final InstantSource clock;
  private final Duration interval;
  private final int burst;
  private final Map<String, Instant> full = new ConcurrentHashMap<>();

  /**
   * @param interval how long after one the next may happen, steadily
   * @param burst how many may happen at once
   */
  public RequestRate(InstantSource clock, Duration interval, int burst) {
    this.clock = clock;
    this.interval = interval;
    this.burst = burst;
  }

  /** Whether it may happen now; if so, it counts. */
  public boolean allows(String key) {
    Instant now = clock.instant();
    if (full.size() >= MOST_KEYS) {
      full.values().removeIf(time -> !time.isAfter(now));
    }
    boolean[] allowed = {false};
    full.compute(
        key,
        (_, before) -> {
          Instant from = before == null || before.isBefore(now) ? now : before;
          Instant after = from.plus(interval);
          allowed[0] = !after.isAfter(now.plus(interval.multipliedBy(burst)));
          return allowed[0] ? after : before;
        });
    return allowed[0];
  }
}
