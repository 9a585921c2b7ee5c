package io.fashionmnist.training.kubectl.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A terminal as far as a picture uses one: it wraps, scrolls, moves up, clears, and has colours.
 */
final class Terminal {
  private static final Pattern CONTROL = Pattern.compile("\u001b\\[([0-9;]*)([A-Za-z])");

  private final int columns;
  private final int rows;
  private final List<char[]> screen = new ArrayList<>();
  private int row;
  private int column;

  Terminal(int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
    for (int each = 0; each < rows; each++) {
      screen.add(blank());
    }
  }

  void write(String text) {
    Matcher control = CONTROL.matcher(text);
    for (int at = 0; at < text.length(); ) {
      if (control.region(at, text.length()).lookingAt()) {
        switch (control.group(2)) {
          case "A" -> row = Math.max(0, row - Integer.parseInt(control.group(1)));
          case "J" -> {
            Arrays.fill(screen.get(row), column, columns, ' ');
            for (int below = row + 1; below < rows; below++) {
              screen.set(below, blank());
            }
          }
          case "m" -> {}
          default -> throw new AssertionError("what no terminal here knows: " + control.group());
        }
        at = control.end();
      } else {
        write(text.charAt(at++));
      }
    }
  }

  private void write(char each) {
    if (each == '\n') {
      down();
      column = 0;
      return;
    }
    if (column == columns) {
      down();
      column = 0;
    }
    screen.get(row)[column++] = each;
  }

  private void down() {
    if (row == rows - 1) {
      screen.removeFirst();
      screen.add(blank());
    } else {
      row++;
    }
  }

  /** What a person sees, without what is empty. */
  List<String> seen() {
    return screen.stream()
        .map(line -> new String(line).stripTrailing())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private char[] blank() {
    char[] line = new char[columns];
    Arrays.fill(line, ' ');
    return line;
  }
}
