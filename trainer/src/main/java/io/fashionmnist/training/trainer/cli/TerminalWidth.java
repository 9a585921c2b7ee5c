package io.fashionmnist.training.trainer.cli;

import java.io.File;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How wide the terminal is. */
final class TerminalWidth {
  private static final int USUAL = 80;
  private static final int NARROWEST = 20;
  private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("\\d+ (\\d+)\\s*");

  private TerminalWidth() {}

  /** Columns as {@code COLUMNS} says, else as {@code stty} does, else 80. */
  static int columns(Map<String, String> environment) {
    OptionalInt said = number(environment.getOrDefault("COLUMNS", ""));
    return Math.max(NARROWEST, said.isPresent() ? said.getAsInt() : asked().orElse(USUAL));
  }

  private static OptionalInt asked() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      Matcher size = ROWS_AND_COLUMNS.matcher(new String(stty.getInputStream().readAllBytes()));
      return size.matches() ? number(size.group(1)) : OptionalInt.empty();
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  private static OptionalInt number(String text) {
    return text.matches("[1-9]\\d{0,4}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
