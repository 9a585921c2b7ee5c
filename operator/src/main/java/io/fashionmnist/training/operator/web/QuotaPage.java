package io.fashionmnist.training.operator.web;

import io.fashionmnist.training.api.plan.KnownQuotas;
import io.fashionmnist.training.api.plan.KnownQuotas.KnownQuota;
import io.fashionmnist.training.api.plan.QuotaAmounts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Quotas by project, region and metric.
 *
 * @param namespace whose projects and regions these are; empty: all that are known
 */
record QuotaPage(String namespace, List<Row> rows) {
  private static final String UNKNOWN = "?";

  /**
   * One metric, or one shape of machine that may be sold out.
   *
   * @param limit a question mark when nobody has told it
   * @param state Full, Probing or Open
   * @param meaning what that is in words
   */
  record Row(
      String project,
      String region,
      String metric,
      String limit,
      String usage,
      String reserved,
      int tried,
      String state,
      String meaning) {}

  /** What a limit lets through. */
  private record State(String word, String meaning) {}

  static QuotaPage of(KnownQuotas quotas) {
    Instant now = Instant.parse(quotas.time());
    return new QuotaPage(
        Words.of(quotas.namespace()),
        quotas.quotas().stream().map(quota -> row(quota, now)).toList());
  }

  private static Row row(KnownQuota quota, Instant now) {
    QuotaAmounts amounts = quota.amounts();
    State state = state(amounts, now);
    return new Row(
        quota.project(),
        quota.region(),
        quota.stockout() ? quota.metric() + " (machines)" : quota.metric(),
        quota.stockout() ? "" : limit(amounts),
        quota.stockout() ? "" : amounts.usage() == null ? UNKNOWN : "" + amounts.usage(),
        quota.stockout() ? "" : "" + amounts.reserved(),
        amounts.tried(),
        state.word(),
        state.meaning());
  }

  private static String limit(QuotaAmounts amounts) {
    return amounts.limit() == null
        ? UNKNOWN
        : amounts.limit() == QuotaAmounts.UNLIMITED ? "unlimited" : "" + amounts.limit();
  }

  private static State state(QuotaAmounts amounts, Instant now) {
    Optional<Instant> blocked = Optional.ofNullable(amounts.blockedUntil()).map(Instant::parse);
    if (blocked.filter(until -> until.isAfter(now)).isPresent()) {
      return new State("Full", "no job tries for " + Words.between(now, blocked.get()));
    }
    if (blocked.isPresent()) {
      return new State("Probing", "one job at a time tries");
    }
    boolean none =
        amounts.limit() != null
            && amounts.limit() != QuotaAmounts.UNLIMITED
            && amounts.limit() <= amounts.reserved();
    return none ? new State("Full", "nothing is left of the limit") : new State("Open", "");
  }
}
