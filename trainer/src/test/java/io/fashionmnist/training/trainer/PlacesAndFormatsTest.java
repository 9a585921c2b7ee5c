package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.checkpoints;
import static io.fashionmnist.training.trainer.SmallTraining.command;
import static io.fashionmnist.training.trainer.SmallTraining.files;
import static io.fashionmnist.training.trainer.SmallTraining.modelVariables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fashionmnist.training.trainer.cli.ProgramRun;
import io.fashionmnist.training.trainer.model.CpuFeatures;
import io.fashionmnist.training.trainer.storage.FakeGcsServer;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.FolderLocator;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the output goes, and in which number format is trained. */
class PlacesAndFormatsTest {
  @TempDir static Path shared;
  @TempDir Path directory;

  private static Path data;

  @BeforeAll
  static void writeData() throws Exception {
    data = SmallDataset.shapes().writeTo(shared.resolve("data"));
  }

  @Test
  void theWholeOutputAndTheDataMayBeInBuckets() throws Exception {
    Optional<Path> program = FakeGcsServer.program();
    assumeTrue(
        program.isPresent(),
        "FAKE_GCS_SERVER does not name the fake-gcs-server program: buckets are not tested.");
    Path local = directory.resolve("local");
    assertThat(ProgramRun.of(Map.of(), command(data, local)).exitCode()).isZero();
    try (FakeGcsServer server = FakeGcsServer.start(program.get());
        FolderLocator locator = new FolderLocator(server.environment())) {
      server.createBucket("fashion");
      Folder dataInBucket = locator.locate("gs://fashion/data");
      for (String file : files(data)) {
        dataInBucket.upload(data.resolve(file), file);
      }
      String[] command =
          command("gs://fashion/data", "gs://fashion/runs/1", "--checkpoints.keep=2");

      ProgramRun run = ProgramRun.of(server.environment(), command);

      assertThat(run.exitCode()).as("%s", run).isZero();
      assertThat(run.out())
          .contains("\"model\":\"gs://fashion/runs/1/model")
          .doesNotContain("WARN");
      Folder output = locator.locate("gs://fashion/runs/1");
      assertThat(output.list())
          .contains("report.html", "report.json", "model/saved_model.pb", "model/metadata.json")
          .filteredOn(name -> name.endsWith("manifest.json"))
          .containsExactlyInAnyOrder(
              "checkpoints/step-00000024/manifest.json", "checkpoints/step-00000036/manifest.json");
      Path fetched = directory.resolve("fetched");
      String variables = "model/variables/variables.data-00000-of-00001";
      output.download(variables, fetched);
      assertThat(fetched).hasSameBinaryContentAs(local.resolve(variables));

      ProgramRun again = ProgramRun.of(server.environment(), command);

      assertThat(again.exitCode()).as("%s", again).isZero();
      assertThat(again.out())
          .contains("\"checkpoint\":\"gs://fashion/runs/1/checkpoints/step-00000036");

      Path here = directory.resolve("here");
      ProgramRun continued =
          ProgramRun.of(
              server.environment(), command(data, here, "--resume-from=gs://fashion/runs/1"));

      assertThat(continued.exitCode()).as("%s", continued).isZero();
      assertThat(continued.out()).contains("Continues from a checkpoint");
      assertThat(modelVariables(here)).isEqualTo(modelVariables(local));
    }
  }

  @Test
  void aMissingBucketIsNamed() throws Exception {
    Optional<Path> program = FakeGcsServer.program();
    assumeTrue(
        program.isPresent(),
        "FAKE_GCS_SERVER does not name the fake-gcs-server program: buckets are not tested.");
    try (FakeGcsServer server = FakeGcsServer.start(program.get())) {
      ProgramRun run =
          ProgramRun.of(server.environment(), command(data, "gs://no-such-bucket/runs/1"));

      assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
      assertThat(run.out()).contains("gs://no-such-bucket/runs/1", "there is no such bucket");
    }
  }

  @Test
  void vertexAisPlacesWin() throws Exception {
    Path output = directory.resolve("output");

    ProgramRun run =
        ProgramRun.of(
            Map.of(
                "AIP_MODEL_DIR", directory.resolve("vertex/model").toString(),
                "AIP_CHECKPOINT_DIR", directory.resolve("vertex/saved").toString(),
                "AIP_TENSORBOARD_LOG_DIR", directory.resolve("vertex/board").toString()),
            command(data, output));

    assertThat(run.exitCode()).as("%s", run).isZero();
    assertThat(files(directory.resolve("vertex/model"))).contains("saved_model.pb");
    assertThat(files(directory.resolve("vertex/saved"))).contains("step-00000036/manifest.json");
    assertThat(files(directory.resolve("vertex/board")))
        .extracting(file -> file.replaceFirst("/.*", ""))
        .contains("train", "validation", "test");
    assertThat(files(output)).containsExactly("report.html", "report.json");
  }

  @Test
  void bfloat16TrainsWhereTheProcessorHasIt() throws Exception {
    Path output = directory.resolve("output");

    ProgramRun run =
        ProgramRun.of(Map.of(), command(data, output, "--precision=BFloat16", "--epochs=8"));

    if (CpuFeatures.ofThisMachine().computesInBfloat16()) {
      assertThat(run.exitCode()).as("%s", run).isZero();
      assertThat(run.out()).contains("\"bfloat16\":true");
      double accuracy = SmallTraining.log(run.out()).getLast().path("testAccuracy").doubleValue();
      assertThat(accuracy).isGreaterThan(0.5);

      ProgramRun inFloats = ProgramRun.of(Map.of(), command(data, output, "--epochs=8"));

      assertThat(inFloats.exitCode()).as("%s", inFloats).isZero();
      assertThat(inFloats.out()).contains("\"WARNING\"", "in bfloat16, this run has 2 in float32");
    } else {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.out()).contains("\"ERROR\"", "avx512_bf16 or amx_bf16");
      assertThat(checkpoints(output)).isEmpty();
    }
  }
}
