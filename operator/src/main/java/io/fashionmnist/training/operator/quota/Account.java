package io.fashionmnist.training.operator.quota;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * What is known of one metric in one scope. Guarded by the ledger's lock.
 *
 * <p>Three states: open (as many unconfirmed creates as the window allows), blocked (none), and,
 * when the block is over, on probation (one at a time, until one of them is confirmed).
 */
final class Account {
  /** Creates in flight while nothing is known: the second shows whether the first was luck. */
  private static final int FIRST_WINDOW = 2;

  private static final int WIDEST_WINDOW = 64;

  private Limit limit = Limit.UNKNOWN;
  private OptionalLong usage = OptionalLong.empty();
  private long reserved;
  private int window = FIRST_WINDOW;
  private int refusals;
  private Optional<Instant> lastRefusal = Optional.empty();
  private Optional<Instant> blockedUntil = Optional.empty();
  private final Set<AttemptKey> unconfirmed = new HashSet<>();

  /** Whether one more may be tried, from this metric's side; empty if it may. */
  Optional<Verdict> obstacle(String metric, long demand, Instant now, Duration answerTime) {
    if (limit instanceof Limit.Of(long most) && limit.below(demand)) {
      return Optional.of(new Verdict.Impossible(metric, most, demand));
    }
    if (blockedUntil.filter(until -> until.isAfter(now)).isPresent()) {
      return Optional.of(new Verdict.Blocked(metric, blockedUntil.get()));
    }
    if (onProbation() && !unconfirmed.isEmpty()) {
      return Optional.of(new Verdict.Blocked(metric, now.plus(answerTime)));
    }
    if (demand > 0 && limit.below(reserved + demand)) {
      return Optional.of(new Verdict.Blocked(metric, now.plus(answerTime)));
    }
    if (unconfirmed.size() >= allowed(demand)) {
      return Optional.of(new Verdict.Busy(metric, now.plus(answerTime)));
    }
    return Optional.empty();
  }

  /** Usage is hours old at times: where it leaves no room, one at a time finds out. */
  private int allowed(long demand) {
    boolean seemsFull = usage.isPresent() && limit.below(usage.getAsLong() + demand);
    return seemsFull ? 1 : window;
  }

  boolean onProbation() {
    return blockedUntil.isPresent();
  }

  void reserve(AttemptKey key, long amount, boolean confirmed) {
    reserved += amount;
    if (!confirmed) {
      unconfirmed.add(key);
    }
  }

  /**
   * There was room: more may be tried at once.
   *
   * @param since when the attempt was let in
   */
  void confirmed(Instant since) {
    if (oldNews(since)) {
      return;
    }
    // One more for each answer: each round of answers doubles it.
    window = onProbation() ? 1 : Math.min(WIDEST_WINDOW, window + 1);
    blockedUntil = Optional.empty();
    refusals = 0;
  }

  /** The answer came, or none will: it does not count as one being tried any more. */
  void answered(AttemptKey key) {
    unconfirmed.remove(key);
  }

  /**
   * There was no room. Several that were let in together are one piece of news.
   *
   * @param since when the attempt was let in
   */
  void refused(Instant since, Instant now, IntFunction<Duration> pause) {
    boolean blocked = blockedUntil.filter(until -> until.isAfter(now)).isPresent();
    if (blocked || lastRefusal.filter(refusal -> refusal.isAfter(now)).isPresent()) {
      return;
    }
    if (!oldNews(since)) {
      refusals++;
    }
    lastRefusal = Optional.of(now);
    blockedUntil = Optional.of(now.plus(pause.apply(Math.max(1, refusals))));
    window = 1;
  }

  private boolean oldNews(Instant since) {
    return lastRefusal.filter(refusal -> !refusal.isBefore(since)).isPresent();
  }

  /** What was held is free, and with it perhaps the room that a block is about. */
  void released(AttemptKey key, long amount, boolean held, Instant now) {
    reserved -= amount;
    unconfirmed.remove(key);
    if (held && amount > 0) {
      endBlock(now);
    }
  }

  void limit(Limit known, Instant now) {
    // Raised: whoever waited for that need not wait longer.
    if (limit instanceof Limit.Of(long before)
        && !known.below(before + 1)
        && known != Limit.UNKNOWN) {
      endBlock(now);
    }
    limit = known;
  }

  /** From now on one at a time may find out. */
  private void endBlock(Instant now) {
    blockedUntil = blockedUntil.map(until -> until.isAfter(now) ? now : until);
  }

  void usage(OptionalLong advisory) {
    usage = advisory;
  }

  /** Whether nothing is known that a fresh account would not know. */
  boolean forgettable() {
    return reserved == 0
        && unconfirmed.isEmpty()
        && blockedUntil.isEmpty()
        && usage.isEmpty()
        && limit instanceof Limit.Unknown;
  }

  QuotaState state(QuotaScope scope, String metric) {
    return new QuotaState(scope, metric, limit, usage, reserved, unconfirmed.size(), blockedUntil);
  }
}
