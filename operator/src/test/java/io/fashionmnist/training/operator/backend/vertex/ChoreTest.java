package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoreTest {
  private final List<String> log = new ArrayList<>();
  private final Chore chore =
      new Chore("sweeping", (what, _) -> log.add("E " + what), what -> log.add("I " + what));

  @Test
  void aFailureIsToldOnceAndSoIsItsEnd() {
    for (int times = 0; times < 5; times++) {
      chore.run(() -> fail("refused"));
    }
    assertThat(log).containsExactly("E Failed, and is tried again: sweeping");
    chore.run(() -> fail("another"));
    assertThat(log).hasSize(2);
    chore.run(() -> {});
    chore.run(() -> {});
    assertThat(log).hasSize(3).last().isEqualTo("I Works again: sweeping");
    chore.run(() -> fail("another"));
    assertThat(log).hasSize(4);
  }

  private static void fail(String why) {
    throw new IllegalStateException(why);
  }
}
