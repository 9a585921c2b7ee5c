package io.fashionmnist.training.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.ModelConfig;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.trainer.data.Dataset;
import io.fashionmnist.training.trainer.data.ImageSet;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.LocalFolder;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import io.fashionmnist.training.trainer.storage.Scratch;
import io.fashionmnist.training.trainer.train.TrainingEvent.EpochFinished;
import io.fashionmnist.training.trainer.train.TrainingEvent.Interrupted;
import io.fashionmnist.training.trainer.train.TrainingEvent.Resumed;
import io.fashionmnist.training.trainer.train.TrainingEvent.Started;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a stop is asked for, what is saved, and what is said of it. */
class TrainingRunTest {
  private static final int EPOCHS = 2;
  private static final int STEPS_PER_EPOCH = 4;
  private static final int SIDE = 8;
  private static final TrainingConfig CONFIG =
      new TrainingConfig(
          EPOCHS,
          16,
          0.2,
          null,
          null,
          new ModelConfig(List.of(4), 8, null, null),
          null,
          null,
          null,
          null,
          null);
  private static final Dataset DATA =
      new Dataset(noise(80, 1), noise(20, 2), List.of("one", "other"), "digest");

  @TempDir Path directory;
  private final List<TrainingEvent> events = new ArrayList<>();
  private Folder output;
  private Folder checkpoints;

  @BeforeEach
  void chooseFolders() {
    output = new LocalFolder(directory.resolve("output"));
    checkpoints = output.folder(OutputLayout.CHECKPOINTS);
  }

  @Test
  void aStopBeforeTheFirstStepSavesTheBeginning() throws Exception {
    List<EpochMetrics> uninterrupted = run(_ -> false).orElseThrow().history();
    output = new LocalFolder(directory.resolve("interrupted"));
    checkpoints = output.folder(OutputLayout.CHECKPOINTS);

    assertThat(run(Started.class::isInstance)).isEmpty();
    assertThat(events.getLast()).isEqualTo(new Interrupted(1, 0));
    assertThat(checkpoints.list()).contains("step-00000000/manifest.json");

    assertThat(losses(run(_ -> false).orElseThrow().history())).isEqualTo(losses(uninterrupted));
    assertThat(events).hasAtLeastOneElementOfType(Resumed.class);
  }

  @Test
  void aStopDuringTheFinalTestNeedsNoEpochAgain() throws Exception {
    assertThat(run(TrainingRunTest::isLastEpoch)).isEmpty();
    assertThat(events.getLast()).isEqualTo(new Interrupted(EPOCHS, EPOCHS * STEPS_PER_EPOCH));

    assertThat(run(_ -> false)).isPresent();
    assertThat(events)
        .hasAtLeastOneElementOfType(Resumed.class)
        .doesNotHaveAnyElementsOfTypes(EpochFinished.class);
  }

  @Test
  void aStopDuringTheFinalTestIsAFailureWhereTheLastSaveWas() throws Exception {
    checkpoints = blocked();

    assertThatThrownBy(() -> run(TrainingRunTest::isLastEpoch))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(
            "Asked to stop, but checkpoint %1$s/step-00000008 could not be saved, and the same command continues from the one before: Cannot write to %1$s: there is a file where a directory should be, on the way to %1$s/step-00000008; choose another directory."
                .formatted(checkpoints.uri()));
    assertThat(events).doesNotHaveAnyElementsOfTypes(Interrupted.class);
  }

  @Test
  void aStopDuringTrainingIsAFailureWhereTheStateCannotBeSaved() throws Exception {
    checkpoints = blocked();

    assertThatThrownBy(() -> run(TrainingEvent.StepFinished.class::isInstance))
        .isExactlyInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Asked to stop, but checkpoint %s/step-00000001-in-epoch-1 could not be saved"
                .formatted(checkpoints.uri()))
        .hasMessageContaining("there is a file where a directory should be");
    assertThat(events).doesNotHaveAnyElementsOfTypes(Interrupted.class);
  }

  @Test
  void whatIsReadFromAnotherRunsLastCheckpointIsSaved() throws Exception {
    run(_ -> false);
    Folder finished = output;
    output = new LocalFolder(directory.resolve("again"));
    checkpoints = blocked();

    assertThat(run(Started.class::isInstance, finished)).isEmpty();
    assertThat(events.getLast()).isEqualTo(new Interrupted(EPOCHS, EPOCHS * STEPS_PER_EPOCH));
  }

  /** Runs, and asks for a stop at the first of certain events; remembers the run's events. */
  private Optional<TrainingResult> run(Predicate<TrainingEvent> stopAt, Folder... resumeFrom)
      throws Exception {
    events.clear();
    StopRequest stop = new StopRequest(Duration.ZERO, 1);
    try (Scratch scratch = new Scratch(Files.createTempDirectory(directory, "scratch"))) {
      return new TrainingRun(
              CONFIG,
              DATA,
              new TrainingRun.Places(
                  new OutputLayout(
                      output, output.folder("model"), checkpoints, output.folder("logs")),
                  List.of(resumeFrom),
                  scratch),
              new TrainingRun.Computing(2, false),
              stop,
              event -> {
                events.add(event);
                if (stopAt.test(event)) {
                  stop.request();
                }
              })
          .run();
    }
  }

  private static boolean isLastEpoch(TrainingEvent event) {
    return event instanceof EpochFinished(var metrics, _) && metrics.epoch() == EPOCHS;
  }

  /** A folder that nothing can be written to. */
  private Folder blocked() throws IOException {
    return new LocalFolder(Files.createFile(directory.resolve("file")));
  }

  private static List<Double> losses(List<EpochMetrics> history) {
    return history.stream().map(EpochMetrics::loss).toList();
  }

  private static ImageSet noise(int count, long seed) {
    byte[] pixels = new byte[count * SIDE * SIDE];
    new Random(seed).nextBytes(pixels);
    short[] labels = new short[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (short) (i % 2);
    }
    return new ImageSet(MemorySegment.ofArray(pixels), labels, SIDE, SIDE);
  }
}
