package io.fashionmnist.training.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.api.training.TerminationMessage;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminationLogTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

  @TempDir Path directory;
  private final List<String> warnings = new ArrayList<>();
  private Path file;
  private TerminationLog log;

  @BeforeEach
  void create() throws Exception {
    file = Files.writeString(directory.resolve("termination-log"), "x".repeat(10_000));
    log = new TerminationLog(file, CLOCK, OptionalInt.of(3), warnings::add);
  }

  @Test
  void hasTheLastEpochBeforeTheEndIsKnown() throws Exception {
    Object mounted = Files.getAttribute(file, "unix:ino");
    log.on(Events.started());
    log.on(Events.epoch(1));

    assertThat(message().exitCode()).isNull();
    assertThat(message().report().attempt()).isEqualTo(3);
    assertThat(message().report().metrics().last()).isEqualTo(Events.metrics(1));
    assertThat(Files.getAttribute(file, "unix:ino")).as("written in place").isEqualTo(mounted);
  }

  @Test
  void tellsASuccessWithTheTest() throws Exception {
    log.on(Events.started());
    log.on(Events.tested());
    log.on(Events.finished());
    log.ended(0, Optional.empty());

    assertThat(message().exitCode()).isZero();
    assertThat(message().error()).isNull();
    assertThat(message().report().perClass()).hasSize(3);
    assertThat(message().report().confusionMatrix()).hasSize(3);
  }

  @Test
  void tellsAFailureBeforeAnythingWasTrained() throws Exception {
    log.ended(2, Optional.of("images.gz: not there"));

    assertThat(message().exitCode()).isEqualTo(2);
    assertThat(message().error()).isEqualTo("images.gz: not there");
    assertThat(message().report().epoch()).isNull();
  }

  @Test
  void leavesOutTheMatrixFirst() throws Exception {
    tested(30, "class ");

    assertThat(message().report().confusionMatrix()).isNull();
    assertThat(message().report().perClass()).hasSize(30);
  }

  @Test
  void thenTellsTheTenWorst() throws Exception {
    tested(30, "a class with a rather long name, as some data sets have them ");

    assertThat(message().report().perClass()).hasSize(10);
  }

  @Test
  void thenNoClasses() throws Exception {
    tested(30, "a class with a very long name indeed ".repeat(10));

    assertThat(message().report().perClass()).isNull();
    assertThat(message().report().test().images()).isEqualTo(30);
  }

  @Test
  void atLastShortensTheError() throws Exception {
    log.on(Events.started());
    log.on(Events.epoch(1));
    log.ended(1, Optional.of("\u00fc\u0007".repeat(5_000)));

    assertThat(message().error()).startsWith("\u00fc\u0007\u00fc\u0007");
    assertThat(message().report().epoch()).isEqualTo(1);
  }

  @Test
  void warnsWhenTheFileCannotBeWritten() {
    log = new TerminationLog(directory, CLOCK, OptionalInt.empty(), warnings::add);

    log.ended(0, Optional.empty());

    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("The termination message could not be written to " + directory);
  }

  private void tested(int classes, String prefix) {
    TrainingListener listener = log;
    listener.on(Events.started(1, IntStream.range(0, classes).mapToObj(c -> prefix + c).toList()));
    listener.on(Events.tested(classes));
  }

  private TerminationMessage message() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    assertThat(bytes).hasSizeLessThan(4_096);
    return new ObjectMapper().readValue(bytes, TerminationMessage.class);
  }
}
