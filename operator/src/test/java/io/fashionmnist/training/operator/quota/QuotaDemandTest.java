package io.fashionmnist.training.operator.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement.Strategy;
import io.fashionmnist.training.operator.quota.QuotaDemand.Accelerators;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Machines and what they take, in vertex/demands.csv; metrics without custom_model_training_. */
class QuotaDemandTest {
  private static final String PREFIX = "custom_model_training_";

  @ParameterizedTest
  @CsvFileSource(resources = "/vertex/demands.csv", useHeadersInDisplayName = true)
  void machinesTakeOfTheirQuotas(
      String machine,
      int replicas,
      Strategy strategy,
      String accelerator,
      Integer count,
      int disk,
      String amounts,
      String unmetered) {
    QuotaDemand demand =
        QuotaDemand.of(
            machine,
            replicas,
            strategy,
            Optional.ofNullable(accelerator).map(type -> new Accelerators(type, count)),
            disk);
    assertThat(
            demand.amounts().entrySet().stream()
                .map(each -> each.getKey().substring(PREFIX.length()) + "=" + each.getValue())
                .collect(Collectors.joining(" ")))
        .isEqualTo(amounts);
    assertThat(
            demand.unmetered().stream()
                .map(
                    each ->
                        each.candidate().substring(PREFIX.length())
                            + "="
                            + each.amount().map(Object::toString).orElse("?"))
                .collect(Collectors.joining(" ")))
        .isEqualTo(unmetered == null ? "" : unmetered);
  }

  @Test
  void theProjectsOwnMetricsTellTheNamesThatAreNotKnown() {
    QuotaDemand demand =
        QuotaDemand.of(
            "a4-highgpu-8g",
            1,
            Strategy.STANDARD,
            Optional.of(new Accelerators("NVIDIA_B200", 8)),
            100);
    QuotaDemand discovered = demand.discovered(Set.of(PREFIX + "a4_cpus", PREFIX + "cpus"));
    assertThat(discovered.amounts())
        .isEqualTo(Map.of(PREFIX + "a4_cpus", 224L, PREFIX + "pd_ssd", 100L));
    assertThat(discovered.unmetered())
        .extracting(QuotaDemand.Unmetered::what)
        .containsExactly("NVIDIA_B200");
  }

  @Test
  void whatNobodyCanCountIsNotDiscovered() {
    QuotaDemand demand = QuotaDemand.of("strange", 1, Strategy.STANDARD, Optional.empty(), 100);
    assertThat(demand.discovered(Set.of(PREFIX + "strange_cpus"))).isEqualTo(demand);
  }

  @Test
  void aPlacementHasADiskOfAHundredGigabytesByDefault() {
    var placement =
        new VertexPlacement(
            "p", "r", "n1-standard-4", null, null, null, null, null, null, null, null);
    assertThat(QuotaDemand.of(placement, 1).amounts())
        .isEqualTo(Map.of(PREFIX + "cpus", 4L, PREFIX + "pd_ssd", 100L));
  }

  @Test
  void spotAndAcceleratorsAreOtherShapes() {
    assertThat(
            QuotaDemand.of(
                    "n1-standard-4",
                    1,
                    Strategy.SPOT,
                    Optional.of(new Accelerators("NVIDIA_TESLA_T4", 1)),
                    100)
                .shape())
        .isEqualTo("n1-standard-4 with 1 NVIDIA_TESLA_T4 Spot");
  }
}
