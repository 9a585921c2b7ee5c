package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.checkpoints;
import static io.fashionmnist.training.trainer.SmallTraining.command;
import static io.fashionmnist.training.trainer.SmallTraining.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fashionmnist.training.trainer.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, or too small: which one it is, and what it lacks, is told. */
class FullDiskTest {
  private static final int MIB = 1 << 20;

  /** A network of 1.3 million weights: checkpoints of 20 MB, a model of 5 MB. */
  private static final String[] LARGER = {"--model.dense-units=10000", "--epochs=1"};

  @TempDir static Path shared;
  @TempDir Path directory;

  private static Path data;
  private SmallDisk disk;

  @BeforeAll
  static void writeData() throws IOException {
    data = SmallDataset.shapes().writeTo(shared.resolve("data"));
  }

  @BeforeEach
  void mount() throws Exception {
    Optional<SmallDisk> mounted = SmallDisk.mount(directory.resolve("disk"), 32 * MIB);
    assumeTrue(mounted.isPresent(), "no right to mount a file system: full disks are not tested.");
    disk = mounted.get();
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void anOutputThatWillNotHoldTheCheckpointsIsRefusedBeforeTraining() throws Exception {
    Path output = disk.directory().resolve("output");

    ProgramRun run = ProgramRun.of(Map.of(), command(data, output, LARGER));

    assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
    assertThat(run.out())
        .contains("\"ERROR\"", "Not enough room at " + output + "/checkpoints: 4 checkpoints (")
        .contains("the model (", " MB are free")
        .doesNotContain("Training starts");
    assertThat(files(output)).isEmpty();
  }

  @Test
  void whatIsReckonedIsWhatIsWritten() throws Exception {
    Path output = directory.resolve("output");

    ProgramRun run =
        ProgramRun.of(Map.of(), command(data, output, "--model.dense-units=1000", "--epochs=1"));

    assertThat(run.exitCode()).as("%s", run).isZero();
    String checkpoint = checkpoints(output).getLast();
    ProgramRun tooSmall =
        ProgramRun.of(
            Map.of(),
            command(
                data,
                disk.directory().resolve("output"),
                "--model.dense-units=1000",
                "--checkpoints.keep=100"));
    assertThat(tooSmall.exitCode()).as("%s", tooSmall).isEqualTo(2);
    double reckoned =
        Double.parseDouble(
            tooSmall.out().replaceAll("(?s).*101 checkpoints \\(([0-9.]+) MB\\).*", "$1"));
    double written = SmallTraining.variables(output, checkpoint).length / 1e6;
    assertThat(reckoned / 101).isBetween(0.95 * written, 1.05 * written);
  }

  @Test
  void aModelThatDoesNotFitNamesItsOwnDirectory() throws Exception {
    Path models = disk.directory().resolve("models");
    Files.createDirectories(models);
    try (TrainerProcess run = start(models, 80)) {
      run.awaitLines(1, "First step done");
      disk.keepFull(4096);

      assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
      assertThat(run.out())
          .contains("\"ERROR\"", "Cannot write to " + models + ": no space left on it");
    }
  }

  @Test
  void aReportThatDoesNotFitIsNoReasonNotToContinue() throws Exception {
    Path output = disk.directory().resolve("output");
    Path checkpoints = directory.resolve("checkpoints");
    try (TrainerProcess run =
        TrainerProcess.start(
            Distribution.in(shared.resolve("dist-report")),
            Map.of("AIP_CHECKPOINT_DIR", checkpoints.toString()),
            command(data, output, "--epochs=10000"))) {
      run.awaitLines(1, "Epoch 2 finished");
      disk.keepFull(0);
      run.awaitLines(1, "report.json could not be written");

      assertThat(run.terminate().exitCode()).as("%s", run).isEqualTo(143);
      assertThat(run.out())
          .contains("Interrupted; the state is saved")
          .contains("Cannot write to " + output + ": no space left on it");
      assertThat(files(checkpoints)).anyMatch(file -> file.endsWith("/manifest.json"));
    }
  }

  @Test
  void aTemporaryDirectoryThatFillsUpIsTheOneThatIsNamed() throws Exception {
    Path temporary = Files.createDirectory(disk.directory().resolve("tmp"));
    Path output = directory.resolve("output");
    try (TrainerProcess run =
        TrainerProcess.start(
            Distribution.in(shared.resolve("dist-tmp")),
            Map.of("FASHION_TRAINER_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary),
            command(data, output, "--epochs=80"))) {
      run.awaitLines(1, "Epoch 2 finished");
      disk.keepFull(4096);

      assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
      assertThat(run.out())
          .contains("could not be saved: No space left in the temporary directory " + temporary)
          .contains("\"ERROR\"")
          .doesNotContain("Cannot write to", "org.tensorflow");
    }
  }

  private TrainerProcess start(Path models, int epochs) throws IOException {
    return TrainerProcess.start(
        Distribution.in(shared.resolve("dist-model")),
        Map.of("AIP_MODEL_DIR", models.toString()),
        command(data, directory.resolve("output"), "--epochs=" + epochs));
  }
}
