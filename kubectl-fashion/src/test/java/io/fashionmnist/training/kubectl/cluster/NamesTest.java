package io.fashionmnist.training.kubectl.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  @Test
  void nearestComesFirst() {
    assertThat(Names.nearest("shrits", List.of("shirts-2", "trousers", "shirts"), 3))
        .containsExactly("shirts");
    assertThat(Names.nearest("shirt", List.of("shirts-2", "trousers", "shirts"), 3))
        .containsExactly("shirts", "shirts-2");
    assertThat(Names.nearest("quota", List.of("quota-fallback", "bags"), 3))
        .containsExactly("quota-fallback");
  }

  @ParameterizedTest
  @CsvSource({"shirts,shirts-2", "bags,bags-4", "bags-2,bags-4"})
  void theNextNameIsTheNextFreeNumber(String name, String next) {
    assertThat(Names.next(name, List.of("shirts", "bags", "bags-2", "bags-3"))).isEqualTo(next);
  }

  @Test
  void aNameStaysShortEnough() {
    assertThat(Names.next("x".repeat(63), List.of())).isEqualTo("x".repeat(61) + "-2");
  }
}
