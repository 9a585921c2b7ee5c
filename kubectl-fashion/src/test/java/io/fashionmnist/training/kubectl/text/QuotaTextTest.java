package io.fashionmnist.training.kubectl.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.plan.KnownQuotas;
import io.fashionmnist.training.api.plan.KnownQuotas.KnownQuota;
import io.fashionmnist.training.api.plan.QuotaAmounts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuotaTextTest {
  private static final KnownQuotas QUOTAS =
      new KnownQuotas(
          "2026-01-01T00:00:00Z",
          "team-a",
          List.of(
              quota(
                  "us-central1",
                  "custom_model_training_cpus",
                  new QuotaAmounts(42L, 8L, 4, 1, null)),
              quota(
                  "us-central1",
                  "custom_model_training_n2_cpus",
                  new QuotaAmounts(null, null, 0, 0, "2026-01-01T00:02:05Z")),
              quota(
                  "us-central1",
                  "custom_model_training_pd_ssd",
                  new QuotaAmounts(QuotaAmounts.UNLIMITED, 0L, 0, 0, "2025-12-31T23:59:00Z")),
              quota("us-west1", "custom_model_training_cpus", new QuotaAmounts(1L, 0L, 0, 0, null)),
              new KnownQuota(
                  "shop",
                  "us-west1",
                  "n1-standard-4",
                  true,
                  new QuotaAmounts(null, null, 0, 0, "2026-01-01T00:00:30Z"))));

  @Test
  void showsWhatIsUsedOrInTheWay() throws IOException {
    Golden.check("quota", QuotaText.lines(QUOTAS, false, Optional.empty(), Golden.PLAIN));
  }

  @Test
  void showsAllOfARegion() throws IOException {
    Golden.check(
        "quota-region", QuotaText.lines(QUOTAS, true, Optional.of("us-west1"), Golden.PLAIN));
  }

  @Test
  void saysWhyThereIsNothingToShow() {
    assertThat(
            QuotaText.lines(
                new KnownQuotas(QUOTAS.time(), null, List.of()),
                false,
                Optional.of("us-east1"),
                Golden.PLAIN))
        .containsExactly(
            "The operator knows no quota yet of us-east1: it learns of a region when a job or a plan"
                + " asks for it.");
    assertThat(
            QuotaText.lines(
                new KnownQuotas(QUOTAS.time(), null, List.of(QUOTAS.quotas().get(3))),
                false,
                Optional.empty(),
                Golden.PLAIN))
        .containsExactly(
            "Nothing is used, reserved or blocked; --all shows the 1 limits that are known.");
  }

  private static KnownQuota quota(String region, String metric, QuotaAmounts amounts) {
    return new KnownQuota("shop", region, metric, false, amounts);
  }
}
