package io.fashionmnist.training.kubectl.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** On a terminal of 80 columns and 10 rows. */
class PictureTest {
  private final Terminal terminal = new Terminal(80, 10);
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Screen screen =
      Screen.of(
          new PrintStream(bytes, true, StandardCharsets.UTF_8),
          Map.of(Screen.TERMINAL, "1", "COLUMNS", "80", "LINES", "10"));
  private final Picture picture = new Picture(screen);

  @Test
  void leavesNothingOfTheLastOne() {
    String wide = screen.in(Screen.Colour.RED, "failed") + " " + "wide ".repeat(40);

    picture.draw(List.of("one", wide, "three"));
    picture.draw(List.of("two", wide, "four"));
    show();

    assertThat(terminal.seen()).hasSize(3).startsWith("two").endsWith("four");
    assertThat(terminal.seen().get(1)).startsWith("failed wide").endsWith("…").hasSize(79);
  }

  @Test
  void isNoHigherThanTheTerminal() {
    List<String> high = IntStream.range(0, 30).mapToObj(each -> "line " + each).toList();

    picture.draw(high);
    picture.draw(high);
    show();

    assertThat(terminal.seen()).hasSize(9).startsWith("line 0").endsWith("… and 22 lines more");

    picture.end(List.of("over"));
    show();
    assertThat(terminal.seen()).containsExactly("over");
  }

  @Test
  void whatFitsIsNotCut() {
    assertThat(Picture.cut("x".repeat(79), 79)).isEqualTo("x".repeat(79));
    assertThat(Picture.cut("x".repeat(80), 79)).isEqualTo("x".repeat(78) + "…");
    String red = screen.in(Screen.Colour.RED, "x".repeat(79));
    assertThat(Picture.cut(red, 79)).isEqualTo(red);
    assertThat(Picture.cut(red, 10)).isEqualTo("\u001b[31m" + "x".repeat(9) + "…\u001b[0m");
  }

  private void show() {
    terminal.write(bytes.toString(StandardCharsets.UTF_8));
    bytes.reset();
  }
}
