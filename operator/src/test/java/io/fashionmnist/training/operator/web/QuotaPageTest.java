package io.fashionmnist.training.operator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fashionmnist.training.api.plan.KnownQuotas;
import io.fashionmnist.training.api.plan.KnownQuotas.KnownQuota;
import io.fashionmnist.training.api.plan.QuotaAmounts;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotaPageTest {
  private static final String NOW = "2026-01-02T03:05:00Z";

  @Test
  void tellsWhatIsLeft() {
    assertThat(
            List.of(
                row(new QuotaAmounts(42L, 17L, 4, 1, null)),
                row(new QuotaAmounts(null, null, 0, 0, null)),
                row(new QuotaAmounts(QuotaAmounts.UNLIMITED, 0L, 96, 0, null)),
                row(new QuotaAmounts(0L, 0L, 0, 0, null)),
                row(new QuotaAmounts(42L, null, 0, 0, "2026-01-02T03:06:30Z")),
                row(new QuotaAmounts(42L, null, 0, 1, "2026-01-02T03:04:00Z"))))
        .extracting(
            QuotaPage.Row::limit,
            QuotaPage.Row::usage,
            QuotaPage.Row::state,
            QuotaPage.Row::meaning)
        .containsExactly(
            tuple("42", "17", "Open", ""),
            tuple("?", "?", "Open", ""),
            tuple("unlimited", "0", "Open", ""),
            tuple("0", "0", "Full", "nothing is left of the limit"),
            tuple("42", "?", "Full", "no job tries for 1m30s"),
            tuple("42", "?", "Probing", "one job at a time tries"));
  }

  @Test
  void soldOutMachinesHaveNoLimit() {
    KnownQuota machines =
        new KnownQuota(
            "shop", "us-east1", "n1-standard-4", true, new QuotaAmounts(null, null, 0, 0, null));

    assertThat(QuotaPage.of(new KnownQuotas(NOW, null, List.of(machines))).rows())
        .extracting(QuotaPage.Row::metric, QuotaPage.Row::limit, QuotaPage.Row::reserved)
        .containsExactly(tuple("n1-standard-4 (machines)", "", ""));
  }

  private static QuotaPage.Row row(QuotaAmounts amounts) {
    KnownQuota quota = new KnownQuota("shop", "us-central1", "cpus", false, amounts);
    return QuotaPage.of(new KnownQuotas(NOW, "team-a", List.of(quota))).rows().getFirst();
  }
}
