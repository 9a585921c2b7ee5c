package io.fashionmnist.training.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.data.ImageSet;
import io.fashionmnist.training.trainer.page.RunSummary.Circumstances;
import io.fashionmnist.training.trainer.storage.LocalFolder;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.Versions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class PageFileTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path directory;
  private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();

  @Test
  void aFinishedRunTellsAll() throws IOException {
    List<TrainingEvent> events =
        List.of(
            Events.started(),
            Events.epoch(1),
            Events.epoch(2),
            Events.epoch(3),
            Events.tested(),
            Events.finished());

    String page = written(events);

    assertThat(page)
        .contains("<strong>Finished</strong> Trained for 3 of 3 epochs.")
        .contains("<dd>66.67%</dd>")
        .contains("Test image 2: T-shirt/top, predicted as Trouser")
        .contains("Test image 5: Pullover, predicted as T-shirt/top")
        .contains("2026-01-02 03:04:05 UTC")
        .contains("<dt>placement</dt><dd>us-central1 &lt;b&gt;</dd>")
        .contains("Permission is hereby granted, free of charge");
    assertThat(warnings).isEmpty();
  }

  @Test
  void aContinuedRunThatIsInterruptedTellsOfAllItsEpochs() throws IOException {
    String page =
        written(
            List.of(
                new TrainingEvent.Resumed(
                    "gs://bucket/run/checkpoints/step-10", 2, 10, List.of(Events.metrics(1))),
                Events.started(2, List.of("a", "b", "c")),
                Events.epoch(2),
                new TrainingEvent.Interrupted(3, 25)));

    assertThat(page)
        .contains("<strong>Interrupted</strong> Stopped on request in epoch 3 of 3")
        .contains("\"epochs\":[1,2]")
        .contains("\"resumed\":2")
        .contains("gs://bucket/run/checkpoints/step-10, in epoch 2")
        .contains("The model is tested when its training has come to an end.");
  }

  @Test
  void aRunThatFailsOnItsWayKeepsItsCurvesAndItsReason() throws IOException {
    String page =
        written(
            List.of(
                Events.started(),
                Events.epoch(1),
                new TrainingEvent.Warning("checkpoint 7 <could> not be saved"),
                new TrainingEvent.Failed("training diverged: the loss is no finite number")));

    assertThat(page)
        .contains("<strong>Failed</strong> training diverged: the loss is no finite number")
        .contains("<li>checkpoint 7 &lt;could&gt; not be saved</li>")
        .contains("\"epochs\":[1]");
  }

  @Test
  void aRunThatNeverStartsLeavesNothingBehind() {
    try (PageFile file = file(directory)) {
      file.on(new TrainingEvent.Failed("no images"));
    }

    assertThat(directory).isEmptyDirectory();
    assertThat(warnings).isEmpty();
  }

  @Test
  void aPageThatCannotBeWrittenIsAWarning() throws Exception {
    Path notADirectory = Files.createFile(directory.resolve("file"));
    try (PageFile file = file(notADirectory)) {
      file.on(Events.started());
      file.on(Events.tested());
      file.on(Events.finished());
    }

    assertThat(warnings)
        .isNotEmpty()
        .first()
        .asString()
        .startsWith(notADirectory + "/report.html could not be written: ");
  }

  @Test
  void aThousandClassesAndTenThousandEpochsStaySmall() throws IOException {
    List<String> names =
        IntStream.range(0, 1_000).mapToObj(c -> "class with a long name " + c).toList();
    List<EpochMetrics> epochs = IntStream.rangeClosed(1, 10_000).mapToObj(Events::metrics).toList();

    String page =
        written(
            List.of(
                new TrainingEvent.Resumed("step-10000", 10_001, 10_000, epochs),
                Events.started(10_001, names),
                Events.tested(1_000),
                Events.finished()));

    assertThat(page.length()).isLessThan(400_000);
    assertThat(page)
        .contains("The 32 of 1,000 classes with the lowest F1")
        .contains("501 of 10,000 epochs are shown")
        .contains("There are too many classes for a matrix to be read")
        .contains("\"epochs\":[1,21,41,");
  }

  private String written(List<TrainingEvent> events) throws IOException {
    try (PageFile file = file(directory)) {
      events.forEach(file::on);
    }
    return Files.readString(directory.resolve("report.html"));
  }

  private PageFile file(Path folder) {
    ImageSet images = new ImageSet(MemorySegment.ofArray(new byte[6 * 4]), new short[6], 2, 2);
    return new PageFile(
        new LocalFolder(folder),
        images,
        new Circumstances(
            2,
            "Kubernetes pod trainer-0",
            Map.of("placement", "us-central1 <b>"),
            List.of(),
            new Versions("1.0", "2.18.0", "25"),
            NOW.minusSeconds(60)),
        InstantSource.fixed(NOW),
        warnings::add);
  }
}
