package io.fashionmnist.training.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {
  @Test
  void eachIsAValueThatOccurred() {
    Percentiles hundred =
        Percentiles.of(IntStream.rangeClosed(1, 100).mapToObj(Duration::ofSeconds).toList());
    assertThat(hundred.at(50)).isEqualTo(50);
    assertThat(hundred.at(99)).isEqualTo(99);
    assertThat(hundred.at(100)).isEqualTo(100);
    assertThat(Percentiles.of(List.of(Duration.ofMillis(1_500))).at(1)).isEqualTo(1.5);
  }

  @Test
  void ofNothingThereAreNone() {
    assertThat(Percentiles.of(List.of()).at(50)).isNaN();
  }
}
