package io.fashionmnist.training.kubectl.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTest {
  @Test
  void isPlainWhereItIsNoTerminal() {
    Screen screen = Screen.of(System.out, Map.of("COLUMNS", "60"));

    assertThat(screen.in(Screen.Colour.RED, "text")).isEqualTo("text");
    assertThat(screen.cut("x".repeat(500), 0)).hasSize(500);
  }

  @Test
  void isAsWideAsTheTerminalSays() {
    Screen screen = Screen.of(System.out, Map.of("COLUMNS", "60", Screen.TERMINAL, "1"));

    assertThat(screen.in(Screen.Colour.RED, "text")).isEqualTo("\u001b[31mtext\u001b[0m");
    assertThat(screen.cut("x".repeat(500), 10)).hasSize(49).endsWith("…");
  }

  @Test
  void hasNoColourWhereNoneIsWanted() {
    Screen screen = Screen.of(System.out, Map.of("NO_COLOR", "1", Screen.TERMINAL, "1"));

    assertThat(screen.terminal()).isTrue();
    assertThat(screen.in(Screen.Colour.RED, "text")).isEqualTo("text");
  }
}
