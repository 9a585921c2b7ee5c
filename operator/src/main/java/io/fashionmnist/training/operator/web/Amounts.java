package io.fashionmnist.training.operator.web;

import io.fashionmnist.training.api.plan.KnownQuotas;
import io.fashionmnist.training.api.plan.KnownQuotas.KnownQuota;
import io.fashionmnist.training.api.plan.QuotaAmounts;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.quota.Limit;
import io.fashionmnist.training.operator.quota.QuotaDemand;
import io.fashionmnist.training.operator.quota.QuotaState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** What the ledger knows, as the API tells it. Pure. */
final class Amounts {
  private Amounts() {}

  static QuotaAmounts of(QuotaState state) {
    return new QuotaAmounts(
        switch (state.limit()) {
          case Limit.Unknown _ -> null;
          case Limit.Unlimited _ -> QuotaAmounts.UNLIMITED;
          case Limit.Of(long amount) -> amount;
        },
        state.usage().isPresent() ? state.usage().getAsLong() : null,
        state.reserved(),
        state.unconfirmed(),
        state
            .blockedUntil()
            .map(until -> until.truncatedTo(ChronoUnit.SECONDS).toString())
            .orElse(null));
  }

  /** All that is known. */
  static KnownQuotas all(List<QuotaState> states, Instant now) {
    return known(states, Optional.empty(), now);
  }

  /** What is known of the projects and regions that a namespace may use, and of no other. */
  static KnownQuotas of(
      List<QuotaState> states, String namespace, Optional<Tenant> tenant, Instant now) {
    return known(
        states.stream()
            .filter(state -> tenant.filter(each -> mayUse(each, state)).isPresent())
            .toList(),
        Optional.of(namespace),
        now);
  }

  private static boolean mayUse(Tenant tenant, QuotaState state) {
    return Tenant.matches(tenant.projects(), state.scope().project())
        && Tenant.matches(tenant.regions(), state.scope().region());
  }

  private static KnownQuotas known(
      List<QuotaState> states, Optional<String> namespace, Instant now) {
    return new KnownQuotas(
        now.truncatedTo(ChronoUnit.SECONDS).toString(),
        namespace.orElse(null),
        states.stream()
            .map(
                state ->
                    new KnownQuota(
                        state.scope().project(),
                        state.scope().region(),
                        state.metric(),
                        !QuotaDemand.isMetric(state.metric()),
                        of(state)))
            .toList());
  }
}
