package io.fashionmnist.training.operator.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScrapedGaugesTest {
  @Test
  void aSourceThatCannotCountTakesNoOtherAway() {
    GaugeSource broken =
        () -> {
          throw new IllegalStateException("no count");
        };
    GaugeSource whole = () -> List.of(new GaugeSource.Gauge("jobs", "Jobs.", List.of(), List.of()));

    assertThat(new ScrapedGauges(List.of(broken, whole)).collect())
        .extracting(family -> family.name)
        .containsExactly("jobs");
  }
}
