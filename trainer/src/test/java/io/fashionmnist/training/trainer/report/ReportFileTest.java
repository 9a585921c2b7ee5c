package io.fashionmnist.training.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.trainer.storage.LocalFolder;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ReportFileTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

  @TempDir Path directory;
  private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();

  @Test
  void isWrittenByTheEndOfEachEpoch() throws Exception {
    try (ReportFile file = file(directory)) {
      file.on(Events.started());
      file.on(Events.step(1, 10));
      file.on(Events.epoch(1));
    }

    TrainingReport written = read();
    assertThat(written.epoch()).isEqualTo(1);
    assertThat(written.progressPercentage()).isEqualTo(33);
    assertThat(written.metrics().last()).isEqualTo(Events.metrics(1));
    assertThat(written.lastUpdatedTime()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(warnings).isEmpty();
  }

  @Test
  void isWrittenOnDemandWithEveryClassAndTheWholeMatrix() throws Exception {
    List<String> names = IntStream.range(0, 40).mapToObj(c -> "class " + c).toList();
    try (ReportFile file = file(directory)) {
      file.on(Events.started(1, names));
      file.on(Events.tested(40));
      file.write();

      assertThat(read()).isEqualTo(file.report());
      assertThat(read().perClass()).hasSize(40);
      assertThat(read().confusionMatrix()).hasSize(40);
    }
    assertThat(Files.readString(directory.resolve("report.json")))
        .contains("\n  \"epochs\" : 3,\n");
  }

  @Test
  void warnsWhenItCannotBeWrittenAndLeavesTheLastWordToTheCaller() throws Exception {
    Path notADirectory = Files.createFile(directory.resolve("file"));
    try (ReportFile file = file(notADirectory)) {
      file.on(Events.started());

      assertThat(warnings.take())
          .startsWith(
              notADirectory + "/report.json could not be written and will be tried again: ");
      assertThatThrownBy(file::write).isInstanceOf(IOException.class);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void leavesNothingBehindWhenTheRunNeverStarts() {
    try (ReportFile file = file(directory)) {
      file.on(new TrainingEvent.Failed("no images"));
    }

    assertThat(directory).isEmptyDirectory();
  }

  private ReportFile file(Path directory) {
    return new ReportFile(new LocalFolder(directory), CLOCK, OptionalInt.of(1), warnings::add);
  }

  private TrainingReport read() throws IOException {
    return new ObjectMapper()
        .readValue(directory.resolve("report.json").toFile(), TrainingReport.class);
  }
}
