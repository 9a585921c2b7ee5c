package io.fashionmnist.training.operator.backend.vertex;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Attempts that were surely not created because the service was too busy, and when they are tried
 * again. Lost in a restart, they wait as long as one whose creation is in doubt.
 */
final class Postponed {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final int DOUBLINGS = 3;

  /**
   * When an attempt is tried again.
   *
   * @param at empty while it is being tried
   * @param told whether someone was asked to try it
   */
  private record Retry(Optional<Instant> at, int times, boolean told) {
    boolean due(Instant now) {
      return at.filter(time -> !time.isAfter(now)).isPresent();
    }
  }

  private final InstantSource clock;
  private final RandomGenerator random;
  private final ConcurrentHashMap<JobOwner, Retry> retries = new ConcurrentHashMap<>();

  Postponed(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** Puts an attempt off, longer each time: 10 to 15 s, up to 80 to 120 s. */
  void postpone(JobOwner owner) {
    retries.compute(
        owner,
        (_, before) -> {
          int times = before == null ? 0 : Math.min(DOUBLINGS, before.times() + 1);
          double jitter = 1 + random.nextDouble() / 2;
          long millis = (long) ((FIRST.toMillis() << times) * jitter);
          return new Retry(Optional.of(clock.instant().plusMillis(millis)), times, false);
        });
  }

  /**
   * An attempt's creation begins: from now on it may have been created. How often it was put off
   * stays known.
   */
  void begin(JobOwner owner) {
    retries.computeIfPresent(
        owner, (_, before) -> new Retry(Optional.empty(), before.times(), true));
  }

  /** Whether an attempt was surely not created when that was tried last. */
  boolean holds(JobOwner owner) {
    Retry retry = retries.get(owner);
    return retry != null && retry.at().isPresent();
  }

  /** Whether an attempt was put off and may be tried again. */
  boolean due(JobOwner owner) {
    Retry retry = retries.get(owner);
    return retry != null && retry.due(clock.instant());
  }

  /** Tells, once, of each attempt that may be tried again. */
  void tellDue(Consumer<JobOwner> tell) {
    Instant now = clock.instant();
    retries.forEach(
        (owner, retry) -> {
          if (retry.due(now)
              && !retry.told()
              && retries.replace(owner, retry, new Retry(retry.at(), retry.times(), true))) {
            tell.accept(owner);
          }
        });
  }

  void forget(JobOwner owner) {
    retries.remove(owner);
  }
}
