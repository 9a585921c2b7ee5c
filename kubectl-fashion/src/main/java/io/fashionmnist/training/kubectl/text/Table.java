package io.fashionmnist.training.kubectl.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Rows below headings, in columns as wide as what is in them. */
public final class Table {
  private static final String GAP = "  ";

  /**
   * What stands in a column.
   *
   * @param paint puts colour on it, which takes no room
   */
  public record Cell(String text, UnaryOperator<String> paint) {
    static Cell of(String text) {
      return new Cell(text, UnaryOperator.identity());
    }
  }

  private final List<String> headings;
  private final List<Boolean> numbers;
  private final List<List<Cell>> rows = new ArrayList<>();

  /**
   * @param headings one for each column; those that begin with {@code >} are over numbers, which
   *     stand to the right
   */
  public Table(String... headings) {
    this.numbers = List.of(headings).stream().map(each -> each.startsWith(">")).toList();
    this.headings = List.of(headings).stream().map(each -> each.replaceFirst("^>", "")).toList();
  }

  public Table row(String... cells) {
    return row(List.of(cells).stream().map(Cell::of).toList());
  }

  public Table row(List<Cell> cells) {
    rows.add(List.copyOf(cells));
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * The lines.
   *
   * @param screen what is too wide for it is cut in the last column
   * @param indent put before each
   */
  public List<String> lines(Screen screen, String indent) {
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < headings.size(); column++) {
      int at = column;
      widths.add(
          Math.max(
              headings.get(at).length(),
              rows.stream().mapToInt(row -> row.get(at).text().length()).max().orElse(0)));
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        screen.in(
            Screen.Colour.GREY,
            line(screen, indent, widths, headings.stream().map(Cell::of).toList())));
    rows.forEach(row -> lines.add(line(screen, indent, widths, row)));
    return lines;
  }

  private String line(Screen screen, String indent, List<Integer> widths, List<Cell> cells) {
    int last = cells.size() - 1;
    int before =
        indent.length() + widths.subList(0, last).stream().mapToInt(w -> w + GAP.length()).sum();
    List<String> parts = new ArrayList<>();
    for (int column = 0; column <= last; column++) {
      Cell cell = cells.get(column);
      String text = column == last ? screen.cut(cell.text(), before) : cell.text();
      String padding = " ".repeat(Math.max(0, widths.get(column) - text.length()));
      String painted = cell.paint().apply(text);
      parts.add(
          numbers.get(column) ? padding + painted : column == last ? painted : painted + padding);
    }
    return indent + parts.stream().collect(Collectors.joining(GAP)).stripTrailing();
  }
}
