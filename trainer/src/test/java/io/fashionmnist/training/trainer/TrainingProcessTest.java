package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.checkpoints;
import static io.fashionmnist.training.trainer.SmallTraining.command;
import static io.fashionmnist.training.trainer.SmallTraining.modelVariables;
import static io.fashionmnist.training.trainer.SmallTraining.variables;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.api.training.ClassMetrics;
import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.TrainingReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: from its start to its end, whatever that end is. */
class TrainingProcessTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Long enough to be stopped in its middle. */
  private static final int EPOCHS = 80;

  private static final int STEPS_PER_EPOCH = 12;
  private static final String LAST_CHECKPOINT = "step-%08d".formatted(EPOCHS * STEPS_PER_EPOCH);
  private static final String[] OFTEN_SAVED = {
    "--epochs=" + EPOCHS, "--checkpoints.every-minutes=0.0005"
  };

  @TempDir static Path shared;
  @TempDir Path directory;

  private static Path launcher;
  private static Path data;
  private static Path uninterrupted;
  private static TrainerProcess uninterruptedRun;

  @BeforeAll
  static void trainToTheEnd() throws Exception {
    launcher = Distribution.in(shared.resolve("dist"));
    data = SmallDataset.shapes().writeTo(shared.resolve("data"));
    uninterrupted = shared.resolve("output");
    uninterruptedRun =
        TrainerProcess.run(
            launcher,
            Map.of(),
            command(data, uninterrupted, "--epochs=" + EPOCHS, "--checkpoints.keep=2"));
    assertThat(uninterruptedRun.exitCode()).as("%s", uninterruptedRun).isZero();
  }

  @Test
  void aRunToTheEndLeavesModelReportAndTheNewestCheckpoints() throws Exception {
    assertThat(uninterrupted.resolve("model/saved_model.pb")).isNotEmptyFile();
    assertThat(modelVariables(uninterrupted)).isNotEmpty();
    assertThat(checkpoints(uninterrupted))
        .containsExactly("step-%08d".formatted((EPOCHS - 1) * STEPS_PER_EPOCH), LAST_CHECKPOINT);
    try (var entries = Files.list(uninterrupted.resolve("checkpoints"))) {
      assertThat(entries).hasSize(2);
    }

    JsonNode metadata = JSON.readTree(uninterrupted.resolve("model/metadata.json").toFile());
    assertThat(metadata.at("/configuration/epochs").intValue()).isEqualTo(EPOCHS);
    assertThat(metadata.at("/data/trainingImages").intValue()).isEqualTo(400);
    assertThat(metadata.at("/data/classNames")).hasSize(SmallDataset.CLASSES);
    assertThat(metadata.at("/history")).hasSize(EPOCHS);
    assertThat(metadata.at("/versions/tensorflow").textValue()).isNotBlank();
  }

  @Test
  void theReportIsComplete() throws Exception {
    TrainingReport report = report(uninterrupted);

    assertThat(report).hasNoNullFieldsOrProperties();
    assertThat(report.attempt()).isEqualTo(1);
    assertThat(report.epoch()).isEqualTo(EPOCHS);
    assertThat(report.epochs()).isEqualTo(EPOCHS);
    assertThat(report.progressPercentage()).isEqualTo(100);
    assertThat(report.estimatedRemainingSeconds()).isZero();
    assertThat(report.metrics().last().epoch()).isEqualTo(EPOCHS);
    assertThat(report.metrics().last()).hasNoNullFieldsOrProperties();
    assertThat(report.test()).hasNoNullFieldsOrProperties();
    assertThat(report.test().images()).isEqualTo(80);
    assertThat(report.test().accuracy()).isGreaterThan(0.8);
    assertThat(report.perClass())
        .hasSize(SmallDataset.CLASSES)
        .extracting(ClassMetrics::support)
        .containsOnly(10);
    assertThat(report.confusionMatrix())
        .hasSize(SmallDataset.CLASSES)
        .allSatisfy(row -> assertThat(row).hasSize(SmallDataset.CLASSES));
  }

  @Test
  void everyLineOfTheLogIsAnObjectThatCloudLoggingUnderstands() throws Exception {
    List<JsonNode> log = SmallTraining.log(uninterruptedRun.out());

    assertThat(log)
        .allSatisfy(
            line -> {
              assertThat(line.path("severity").textValue())
                  .isIn("INFO", "NOTICE", "WARNING", "ERROR");
              assertThat(line.path("message").textValue()).isNotBlank();
              assertThat(line.path("timestampSeconds").isIntegralNumber()).isTrue();
              assertThat(line.path("timestampNanos").isIntegralNumber()).isTrue();
            });
    assertThat(log)
        .extracting(line -> line.path("message").textValue())
        .startsWith("Training starts", "First step done")
        .contains("Epoch 1 finished", "Checkpoint saved", "Tested")
        .endsWith("Training finished");
    assertThat(uninterruptedRun.err())
        .doesNotContain("Exception", "sun.misc.Unsafe", "restricted method");
  }

  @Test
  void aTerminatedRunSavesAndItsContinuationEndsAsIfNothingHadHappened() throws Exception {
    Path output = directory.resolve("output");
    // Not saved at the end of epochs, so that the one checkpoint is that of the termination.
    String[] command = command(data, output, "--epochs=" + EPOCHS, "--checkpoints.every-epochs=0");
    try (TrainerProcess first = TrainerProcess.start(launcher, Map.of(), command)) {
      first.awaitLines(1, "Epoch 3 finished");

      assertThat(first.terminate().exitCode()).as("%s", first).isEqualTo(143);

      assertThat(first.out()).contains("Interrupted; the state is saved");
      assertThat(checkpoints(output)).hasSize(1).doesNotContain(LAST_CHECKPOINT);
      assertThat(output.resolve("model")).doesNotExist();
    }

    continueToTheEnd(output, command);
  }

  @Test
  void aKilledRunGoesOnFromItsLastCheckpointAndEndsAsIfNothingHadHappened() throws Exception {
    Path output = directory.resolve("output");
    String[] command = command(data, output, OFTEN_SAVED);
    Random random = new Random();
    for (int kill = 1; kill <= 2; kill++) {
      int saves = random.nextInt(2, 12);
      try (TrainerProcess run = TrainerProcess.start(launcher, Map.of(), command)) {
        run.awaitLines(saves, "Checkpoint saved");
        assertThat(run.kill().exitCode()).as("after %d saves: %s", saves, run).isEqualTo(137);
      }
      assertThat(checkpoints(output)).isNotEmpty().doesNotContain(LAST_CHECKPOINT);
    }

    continueToTheEnd(output, command);
  }

  @Test
  void theDefaultNetworkIsSavedWithinFiveSecondsOfATermination() throws Exception {
    Path many =
        SmallDataset.shapes().withSide(28).withTrain(4_000).writeTo(directory.resolve("many"));
    Path output = directory.resolve("output");
    String[] command =
        command(
            many,
            output,
            "--model.filters=32,64,128",
            "--model.dense-units=512",
            "--batch-size=64",
            "--precision=Auto",
            "--epochs=100");
    try (TrainerProcess run = TrainerProcess.start(launcher, Map.of(), command)) {
      run.awaitLines(1, "First step done");

      long asked = System.nanoTime();
      int exitCode = run.terminate().exitCode();
      Duration took = Duration.ofNanos(System.nanoTime() - asked);

      assertThat(exitCode).as("%s", run).isEqualTo(143);
      assertThat(checkpoints(output)).hasSize(1);
      assertThat(took).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void asManyThreadsAsProcessorsAreGivenToTheProcess() throws Exception {
    String[] command =
        Arrays.stream(command(data, directory.resolve("output"), "--epochs=1"))
            .filter(option -> !option.startsWith("--threads"))
            .toArray(String[]::new);

    // As the Java runtime counts where a cgroup has a quota of one processor.
    TrainerProcess one =
        TrainerProcess.run(
            launcher,
            Map.of("FASHION_TRAINER_JAVA_OPTS", "-XX:ActiveProcessorCount=1 -Xmx160m"),
            command);

    assertThat(one.exitCode()).as("%s", one).isZero();
    assertThat(SmallTraining.log(one.out()).getFirst().path("towers").intValue()).isEqualTo(1);
  }

  @Test
  void imagesThatExceedTheHeapFit() throws Exception {
    Path many =
        SmallDataset.shapes().withSide(28).withTrain(100_000).writeTo(directory.resolve("many"));
    try (TrainerProcess run =
        TrainerProcess.start(
            launcher,
            Map.of("FASHION_TRAINER_JAVA_OPTS", "-Xmx64m"),
            command(
                many,
                directory.resolve("output"),
                "--validation-fraction=0.001",
                "--batch-size=1024",
                "--epochs=9"))) {
      run.awaitLines(1, "First step done");

      assertThat(run.terminate().exitCode()).as("%s", run).isEqualTo(143);
    }
  }

  @Test
  void withoutATemporaryDirectoryTheTerminationMessageSaysSo() throws Exception {
    Path log = directory.resolve("termination-log");
    Path output = directory.resolve("output");

    TrainerProcess run =
        TrainerProcess.run(
            launcher,
            Map.of("FASHION_TRAINER_JAVA_OPTS", "-Djava.io.tmpdir=/no/such"),
            command(data, output, "--termination-log=" + log));

    assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
    assertThat(JSON.readTree(log.toFile()).path("error").textValue())
        .startsWith("No temporary directory can be made in /no/such");
    assertThat(output).doesNotExist();
  }

  private void continueToTheEnd(Path output, String... command) throws Exception {
    TrainerProcess run = TrainerProcess.run(launcher, Map.of(), command);

    assertThat(run.exitCode()).as("%s", run).isZero();
    assertThat(run.out()).contains("Continues from a checkpoint").doesNotContain("WARNING");
    assertThat(variables(output, LAST_CHECKPOINT))
        .isEqualTo(variables(uninterrupted, LAST_CHECKPOINT));
    assertThat(modelVariables(output)).isEqualTo(modelVariables(uninterrupted));
    TrainingReport report = report(output);
    TrainingReport expected = report(uninterrupted);
    assertThat(report.test()).isEqualTo(expected.test());
    assertThat(report.metrics().best())
        .usingRecursiveComparison()
        .ignoringFields("seconds", "imagesPerSecond")
        .isEqualTo(expected.metrics().best());
    assertThat(history(output)).isEqualTo(history(uninterrupted));
  }

  /** Every epoch's losses and accuracies. */
  private static List<List<Double>> history(Path output) throws Exception {
    JsonNode history = JSON.readTree(output.resolve("model/metadata.json").toFile()).get("history");
    return List.of(JSON.treeToValue(history, EpochMetrics[].class)).stream()
        .map(
            epoch ->
                List.of(
                    epoch.loss(),
                    epoch.accuracy(),
                    epoch.validationLoss(),
                    epoch.validationAccuracy(),
                    epoch.learningRate()))
        .toList();
  }

  private static TrainingReport report(Path output) throws Exception {
    return JSON.readValue(output.resolve("report.json").toFile(), TrainingReport.class);
  }
}
