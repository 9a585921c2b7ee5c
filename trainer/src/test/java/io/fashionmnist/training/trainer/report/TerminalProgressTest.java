package io.fashionmnist.training.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.trainer.train.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalProgressTest {
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void drawsABarTenTimesASecondAtMost() {
    TerminalProgress terminal = terminal(OptionalInt.of(100));
    terminal.on(Events.started());
    for (int step = 1; step <= 10; step++) {
      now = now.plusMillis(50);
      terminal.on(Events.step(1, step));
    }

    assertThat(drawings()).hasSize(5);
    assertThat(drawings().getLast())
        .isEqualTo(
            "Epoch 1/3 "
                + "━".repeat(21)
                + "╌".repeat(3)
                + "  90%  loss 0.1111  acc 0.5900  1,850 images/s  ETA 1 s");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 60, 80, 200})
  void staysWithinTheTerminal(int columns) {
    TerminalProgress terminal = terminal(OptionalInt.of(columns));
    terminal.on(Events.started());
    now = now.plusSeconds(1_000);
    terminal.on(Events.step(1, 5));

    assertThat(drawings()).singleElement().satisfies(d -> assertThat(d).hasSizeLessThan(columns));
    assertThat(drawings().getFirst()).startsWith("Epoch 1/3 ");
  }

  @Test
  void keepsALineForEveryEpoch() {
    TerminalProgress terminal = terminal(OptionalInt.of(80));
    terminal.on(Events.started());
    terminal.on(Events.step(1, 5));
    terminal.on(Events.epoch(1));

    assertThat(text())
        .endsWith(
            CLEAR_LINE
                + "Epoch 1/3  loss 0.7000  accuracy 0.8100  validation 0.6000 0.8300*  rate 0.0010"
                + "  1,851 images/s  12 s\n");
  }

  @Test
  void writesWholeLinesOnlyWithoutATerminal() {
    TerminalProgress terminal = terminal(OptionalInt.empty());
    terminal.on(Events.started());
    terminal.on(Events.step(1, 5));
    terminal.on(Events.epoch(1));
    terminal.on(new TrainingEvent.Warning("The disk is slow"));

    assertThat(text())
        .doesNotContain("\r", "\u001b", "images/s  ETA")
        .endsWith("Warning: The disk is slow\n");
  }

  @Test
  void endsWithTheTestAndWhereEverythingIs() {
    TerminalProgress terminal = terminal(OptionalInt.empty());
    terminal.on(Events.started());
    terminal.on(Events.tested());
    terminal.on(Events.finished());

    assertThat(text())
        .contains("Test accuracy 0.6667, loss 0.3125, on 6 images")
        .contains("Pullover                 -    0.0000    0.0000         1")
        .contains("gs://bucket/run/model\n")
        .contains("gs://bucket/run/report.html\n");
  }

  private TerminalProgress terminal(OptionalInt columns) {
    return new TerminalProgress(
        new PrintStream(out, true, StandardCharsets.UTF_8), () -> now, columns);
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What was drawn over the line, without what was printed for good. */
  private List<String> drawings() {
    return Arrays.stream(text().split("\r\u001b\\[K"))
        .filter(drawing -> !drawing.isEmpty() && !drawing.endsWith("\n"))
        .toList();
  }
}
