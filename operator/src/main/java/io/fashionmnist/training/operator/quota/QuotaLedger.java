package io.fashionmnist.training.operator.quota;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What this operator knows of every quota: what one job learns, all jobs know at once. In memory
 * and thread safe; after a restart it is made again from the live attempts and from what others
 * have found shortly before. It advises: what Vertex AI answers is the truth, and an unreadable
 * quota blocks nobody.
 *
 * <p>The order of a job's calls: {@link #admit}, then the create, then one of {@link #accepted} and
 * {@link #refused}, and {@link #released} when the custom job is over. An admission without news
 * counts as being tried for {@code answerTime} and no longer, so that a job that died on the way
 * keeps nobody waiting; what it reserved stays until released.
 */
public final class QuotaLedger {
  /** A create's deadline of 20 s and the time to look for what became of it. */
  private static final Duration ANSWER_TIME = Duration.ofMinutes(2);

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private record Slot(QuotaScope scope, String metric) {}

  private enum Stage {
    TRIED,
    FORGOTTEN,
    HELD
  }

  private record Reservation(
      QuotaScope scope, QuotaDemand demand, Instant since, Stage stage, boolean probe) {
    Reservation at(Stage next) {
      return new Reservation(scope, demand, since, next, probe);
    }
  }

  /** An attempt that lives. */
  public record LiveAttempt(AttemptKey key, QuotaScope scope, QuotaDemand demand) {}

  /**
   * What an attempt found that was let in before this process began.
   *
   * @param needs metrics, or a machine's shape: those that were full, else all that it took
   * @param full whether there was no room for it
   * @param since when it was let in
   * @param at when that was known
   */
  public record Finding(
      QuotaScope scope, Set<String> needs, boolean full, Instant since, Instant at) {
    public Finding {
      needs = Set.copyOf(needs);
    }

    /** There was room for an attempt. */
    public static Finding room(QuotaScope scope, QuotaDemand demand, Instant since) {
      return new Finding(scope, QuotaLedger.needs(demand).keySet(), false, since, since);
    }

    /**
     * There was none.
     *
     * @param metrics that were exhausted, as in {@link QuotaLedger#refused}
     */
    public static Finding noRoom(
        QuotaScope scope,
        QuotaDemand demand,
        Collection<String> metrics,
        Instant since,
        Instant at) {
      return new Finding(scope, QuotaLedger.full(demand, metrics), true, since, at);
    }
  }

  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<Slot, Account> accounts = new HashMap<>();
  private final Map<AttemptKey, Reservation> reservations = new HashMap<>();

  /**
   * @param random for the jitter of pauses
   */
  public QuotaLedger(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Asks whether an attempt may be tried; if so, what it takes is reserved. Asked again before its
   * outcome is told, an attempt gets the same answer; asked for another place, it leaves the first.
   */
  public synchronized Verdict admit(AttemptKey key, QuotaScope scope, QuotaDemand demand) {
    Instant now = clock.instant();
    forgetTheSilent(now);
    Reservation mine = reservations.get(key);
    if (mine != null && mine.scope().equals(scope) && mine.demand().equals(demand)) {
      return new Verdict.Admitted(mine.probe() && mine.stage() == Stage.TRIED);
    }
    release(key, now);
    Verdict verdict = verdict(scope, demand, now);
    if (verdict instanceof Verdict.Admitted(boolean probe)) {
      reserve(key, new Reservation(scope, demand, now, Stage.TRIED, probe));
    }
    return verdict;
  }

  /** What {@link #admit} would answer; nothing is reserved. */
  public synchronized Verdict look(QuotaScope scope, QuotaDemand demand) {
    Instant now = clock.instant();
    forgetTheSilent(now);
    return verdict(scope, demand, now);
  }

  private Verdict verdict(QuotaScope scope, QuotaDemand demand, Instant now) {
    boolean probe = false;
    Optional<Verdict> worst = Optional.empty();
    for (var each : needs(demand).entrySet()) {
      Account account = account(scope, each.getKey());
      Optional<Verdict> obstacle =
          account.obstacle(each.getKey(), each.getValue(), now, LOOK_AGAIN);
      worst = worse(worst, obstacle);
      probe |= account.onProbation();
    }
    return worst.orElse(new Verdict.Admitted(probe));
  }

  /**
   * The attempt has its machines, or at least its custom job was created. The later this is said,
   * the more carefully a region is filled: a region that queues jobs instead of refusing them is
   * found out only by one that runs.
   */
  public synchronized void accepted(AttemptKey key) {
    Reservation mine = reservations.get(key);
    if (mine == null || mine.stage() == Stage.HELD) {
      return;
    }
    needs(mine.demand())
        .keySet()
        .forEach(
            metric -> {
              Account account = account(mine.scope(), metric);
              account.answered(key);
              account.confirmed(mine.since());
            });
    reservations.put(key, mine.at(Stage.HELD));
  }

  /**
   * There was no room for the attempt, which is over.
   *
   * @param metrics that were exhausted; when none of them is one that the attempt was known to
   *     take, such as after a stockout, machines of its shape are left alone in the region, too
   */
  public synchronized void refused(AttemptKey key, Collection<String> metrics) {
    Instant now = clock.instant();
    Reservation mine = reservations.get(key);
    if (mine == null) {
      return;
    }
    full(mine.demand(), metrics)
        .forEach(metric -> refused(account(mine.scope(), metric), mine.since(), now));
    unreserve(key, now, false);
  }

  /**
   * Takes over what attempts have found before this process began: a region that was full then is
   * not tried by everybody at once. What was learned here since is newer.
   */
  public synchronized void recall(Collection<Finding> findings) {
    Instant oldest = clock.instant().minus(Backoff.DEFAULT.longest());
    findings.stream()
        .filter(each -> each.at().isAfter(oldest))
        .sorted(Comparator.comparing(Finding::at))
        .forEach(this::recall);
  }

  private void recall(Finding finding) {
    for (String metric : finding.needs()) {
      Account account = account(finding.scope(), metric);
      if (finding.full()) {
        refused(account, finding.since(), finding.at());
      } else {
        account.confirmed(finding.since());
      }
    }
  }

  private void refused(Account account, Instant since, Instant at) {
    account.refused(since, at, refusals -> Backoff.DEFAULT.after(refusals, random));
  }

  /** What an attempt's refusal tells to be full. */
  private static Set<String> full(QuotaDemand demand, Collection<String> metrics) {
    Set<String> full = new HashSet<>(metrics);
    if (metrics.stream().noneMatch(demand.amounts()::containsKey)) {
      full.add(demand.shape());
    }
    return full;
  }

  /** The attempt takes nothing any more. */
  public synchronized void released(AttemptKey key) {
    release(key, clock.instant());
  }

  /** What the limits of a scope are now; a metric that is left out is unknown. */
  public synchronized void limits(QuotaScope scope, Map<String, Limit> limits) {
    Instant now = clock.instant();
    limits.forEach((metric, limit) -> account(scope, metric).limit(limit, now));
    accounts.forEach(
        (slot, account) -> {
          if (slot.scope().equals(scope) && !limits.containsKey(slot.metric())) {
            account.limit(Limit.UNKNOWN, now);
          }
        });
  }

  /** How much of a metric was in use when it was last counted; empty if nobody says. */
  public synchronized void usage(QuotaScope scope, String metric, OptionalLong usage) {
    account(scope, metric).usage(usage);
  }

  /** Takes over an attempt that lives, should it not be known: after a restart or as new leader. */
  public synchronized void holds(LiveAttempt attempt) {
    if (!reservations.containsKey(attempt.key())) {
      reserve(
          attempt.key(),
          new Reservation(attempt.scope(), attempt.demand(), clock.instant(), Stage.HELD, false));
    }
  }

  /** The metrics that jobs here have asked for, by where. */
  public synchronized Map<QuotaScope, Set<String>> metrics() {
    Map<QuotaScope, Set<String>> all = new HashMap<>();
    accounts.keySet().stream()
        .filter(slot -> QuotaDemand.isMetric(slot.metric()))
        .forEach(
            slot -> all.computeIfAbsent(slot.scope(), _ -> new HashSet<>()).add(slot.metric()));
    return all;
  }

  /** Everything that is known, by project, region and metric. */
  public synchronized List<QuotaState> snapshot() {
    forgetTheSilent(clock.instant());
    accounts.values().removeIf(Account::forgettable);
    List<QuotaState> all = new ArrayList<>();
    accounts.forEach((slot, account) -> all.add(account.state(slot.scope(), slot.metric())));
    all.sort(
        Comparator.comparing((QuotaState each) -> each.scope().project())
            .thenComparing(each -> each.scope().region())
            .thenComparing(QuotaState::metric));
    return List.copyOf(all);
  }

  private void reserve(AttemptKey key, Reservation reservation) {
    reservations.put(key, reservation);
    boolean confirmed = reservation.stage() == Stage.HELD;
    needs(reservation.demand())
        .forEach(
            (metric, amount) ->
                account(reservation.scope(), metric).reserve(key, amount, confirmed));
  }

  private void release(AttemptKey key, Instant now) {
    Reservation mine = reservations.get(key);
    if (mine != null) {
      unreserve(key, now, mine.stage() == Stage.HELD);
    }
  }

  private void unreserve(AttemptKey key, Instant now, boolean held) {
    Reservation mine = reservations.remove(key);
    needs(mine.demand())
        .forEach(
            (metric, amount) -> account(mine.scope(), metric).released(key, amount, held, now));
  }

  /** No news after a while: whoever tried it may be dead, and another has to be let in. */
  private void forgetTheSilent(Instant now) {
    reservations.replaceAll(
        (key, each) -> {
          if (each.stage() != Stage.TRIED || each.since().plus(ANSWER_TIME).isAfter(now)) {
            return each;
          }
          needs(each.demand())
              .keySet()
              .forEach(metric -> account(each.scope(), metric).answered(key));
          return each.at(Stage.FORGOTTEN);
        });
  }

  /** The metrics, and the shape with an amount of nothing: it has no limit but may be sold out. */
  private static SortedMap<String, Long> needs(QuotaDemand demand) {
    SortedMap<String, Long> needs = new TreeMap<>(demand.amounts());
    needs.put(demand.shape(), 0L);
    return needs;
  }

  private Account account(QuotaScope scope, String metric) {
    return accounts.computeIfAbsent(new Slot(scope, metric), _ -> new Account());
  }

  /** What tells most counts: never, then the latest time. */
  private static Optional<Verdict> worse(Optional<Verdict> one, Optional<Verdict> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return rank(other.get()).compareTo(rank(one.get())) > 0 ? other : one;
  }

  private static Instant rank(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Impossible _ -> Instant.MAX;
      case Verdict.Blocked(_, Instant until) -> until;
      case Verdict.Busy(_, Instant until) -> until.minusMillis(1);
      case Verdict.Admitted _ -> Instant.MIN;
    };
  }
}
