package io.fashionmnist.training.kubectl.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines on a terminal that are drawn anew over themselves. None is wider than the terminal, which
 * would make two of it, and there are no more of them than it shows: what has left it upwards can't
 * be drawn over.
 */
public final class Picture {
  private static final String UP_AND_CLEAR = "\u001b[%dA\u001b[J";
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final String PLAIN = "\u001b[0m";

  private final Screen screen;
  private int drawn;

  public Picture(Screen screen) {
    this.screen = screen;
  }

  /** Draws over what was drawn last. */
  public void draw(List<String> lines) {
    clear();
    // The cursor needs a line, too.
    int room = screen.rows() - 1;
    List<String> shown = new ArrayList<>(lines.subList(0, Math.min(lines.size(), room)));
    if (shown.size() < lines.size()) {
      shown.set(room - 1, "… and %d lines more".formatted(lines.size() - room + 1));
    }
    shown.forEach(line -> screen.line(cut(line, screen.columns() - 1)));
    drawn = shown.size();
  }

  /** Draws the last one, which may be of any height. */
  public void end(List<String> lines) {
    clear();
    lines.forEach(line -> screen.line(cut(line, screen.columns() - 1)));
    drawn = 0;
  }

  private void clear() {
    if (drawn > 0) {
      screen.out().printf(UP_AND_CLEAR, drawn);
    }
  }

  /** The same line, of as many characters at most; what sets a colour takes no room. */
  static String cut(String line, int columns) {
    Matcher colour = COLOUR.matcher(line);
    StringBuilder cut = new StringBuilder();
    int used = 0;
    boolean coloured = false;
    for (int at = 0; at < line.length(); ) {
      if (colour.region(at, line.length()).lookingAt()) {
        cut.append(colour.group());
        coloured = !colour.group().equals(PLAIN);
        at = colour.end();
      } else if (used == columns - 1
          && COLOUR.matcher(line.substring(at)).replaceAll("").length() > 1) {
        return cut.append('…').append(coloured ? PLAIN : "").toString();
      } else {
        cut.append(line.charAt(at++));
        used++;
      }
    }
    return cut.toString();
  }
}
