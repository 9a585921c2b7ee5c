package io.fashionmnist.training.operator.web;

import io.fashionmnist.training.api.plan.KnownQuotas;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What the ledger knows, as far as a namespace's tenant may use it; of no namespace, all of it. Who
 * asks is the gate's affair.
 */
public final class QuotaView {
  private final OperatorSettings settings;
  private final QuotaLedger ledger;
  private final InstantSource clock;

  public QuotaView(OperatorSettings settings, QuotaLedger ledger, InstantSource clock) {
    this.settings = settings;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * Who has one of these may see it: those who see the jobs, and those who are given this alone.
   */
  static List<Right> rights(Optional<String> namespace) {
    return List.of(Right.to("list", namespace), Right.to("get", "quota", namespace));
  }

  KnownQuotas known(Optional<String> namespace) {
    return namespace
        .map(name -> Amounts.of(ledger.snapshot(), name, settings.tenant(name), clock.instant()))
        .orElseGet(() -> Amounts.all(ledger.snapshot(), clock.instant()));
  }
}
