package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.command;
import static io.fashionmnist.training.trainer.SmallTraining.files;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of nearly a hundred times Fashion-MNIST's pixels, in the heap that everybody gets. */
class LargeImagesTest {
  private static final Map<String, String> DEFAULT_HEAP =
      Map.of("FASHION_TRAINER_JAVA_OPTS", "-Xmx192m");

  @TempDir Path directory;

  @Test
  void imagesOf256Pixels() throws Exception {
    Path output = directory.resolve("output");

    TrainerProcess run =
        TrainerProcess.run(
            Distribution.in(directory.resolve("dist")),
            DEFAULT_HEAP,
            command(
                new SmallDataset(40, 100, 256, i -> i % SmallDataset.CLASSES)
                    .writeTo(directory.resolve("data")),
                output,
                "--model.filters=32,64,128",
                // Of the default's weights a quarter, which is still more than the heap.
                "--model.dense-units=128",
                "--checkpoints.keep=1",
                "--epochs=1"));

    assertThat(run.exitCode()).as("%s", run).isZero();
    assertThat(run.out()).doesNotContain("WARNING");
    assertThat(files(output)).contains("model/saved_model.pb", "report.html");
  }

  @Test
  void aBatchThatTheHeapDoesNotHoldIsRefused() throws Exception {
    Path output = directory.resolve("output");

    TrainerProcess run =
        TrainerProcess.run(
            Distribution.in(directory.resolve("dist")),
            Map.of("FASHION_TRAINER_JAVA_OPTS", "-Xmx64m"),
            command(
                new SmallDataset(400, 8, 256, i -> i % SmallDataset.CLASSES)
                    .writeTo(directory.resolve("data")),
                output,
                "--batch-size=300"));

    assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
    assertThat(run.out())
        .contains("\"ERROR\"", "batchSize 300 is too much for images of 256 x 256");
    assertThat(files(output)).isEmpty();
  }

  @Test
  void weightsThatNoMachineHoldsAreRefused() throws Exception {
    Path output = directory.resolve("output");

    TrainerProcess run =
        TrainerProcess.run(
            Distribution.in(directory.resolve("dist")),
            DEFAULT_HEAP,
            command(
                new SmallDataset(16, 8, 512, i -> i % SmallDataset.CLASSES)
                    .writeTo(directory.resolve("data")),
                output,
                "--model.filters=512",
                "--model.dense-units=128",
                "--batch-size=2"));

    assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
    assertThat(run.out()).contains("\"ERROR\"", "images of 512 x 512", "dense layer");
    assertThat(files(output)).isEmpty();
  }
}
