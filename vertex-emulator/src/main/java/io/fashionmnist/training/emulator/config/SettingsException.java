package io.fashionmnist.training.emulator.config;

import java.util.List;

/** Settings that cannot be used, with everything that is wrong with them. */
public final class SettingsException extends RuntimeException {
  private final transient List<String> problems;

  /** With one line per mistake: where, what, and what may stand there. */
  public SettingsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line per mistake. */
  public List<String> problems() {
    return problems;
  }
}
