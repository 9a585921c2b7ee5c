package io.fashionmnist.training.kubectl.text;

import java.io.PrintStream;
import java.util.Map;

/**
 * Where a command prints.
 *
 * @param terminal whether a person looks at it while it is written, so that lines may be replaced
 * @param colours whether it may be coloured
 * @param columns how wide it is; of what is no terminal, unlimited
 * @param rows how high it is; of what is no terminal, unlimited
 */
public record Screen(PrintStream out, boolean terminal, boolean colours, int columns, int rows) {
  /** What the launcher sets where standard output is a terminal. */
  public static final String TERMINAL = "KUBECTL_FASHION_TERMINAL";

  private static final int USUAL = 80;
  private static final int NARROWEST = 40;
  private static final int USUAL_HEIGHT = 24;
  private static final int LOWEST = 5;

  /** A colour, as a terminal is told. */
  public enum Colour {
    GREEN(32),
    YELLOW(33),
    RED(31),
    GREY(90),
    BOLD(1);

    private final int code;

    Colour(int code) {
      this.code = code;
    }
  }

  /** The screen of a process with this environment; see {@code NO_COLOR} at no-color.org. */
  public static Screen of(PrintStream out, Map<String, String> environment) {
    boolean terminal = environment.containsKey(TERMINAL);
    return new Screen(
        out,
        terminal,
        terminal && environment.getOrDefault("NO_COLOR", "").isEmpty(),
        terminal ? size(environment.get("COLUMNS"), NARROWEST, USUAL) : Integer.MAX_VALUE,
        terminal ? size(environment.get("LINES"), LOWEST, USUAL_HEIGHT) : Integer.MAX_VALUE);
  }

  private static int size(String text, int least, int usual) {
    return text != null && text.matches("[1-9]\\d{0,4}")
        ? Math.max(least, Integer.parseInt(text))
        : usual;
  }

  /** A text in a colour, if there are any. */
  public String in(Colour colour, String text) {
    return colours && !text.isEmpty() ? "\u001b[%dm%s\u001b[0m".formatted(colour.code, text) : text;
  }

  /** A text that is no longer than a line's rest. */
  public String cut(String text, int used) {
    int room = Math.max(10, columns - used - 1);
    return text.length() <= room ? text : text.substring(0, room - 1) + "…";
  }

  public void line(String text) {
    out.println(text);
  }
}
