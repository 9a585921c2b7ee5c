package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.checkpoints;
import static io.fashionmnist.training.trainer.SmallTraining.command;
import static io.fashionmnist.training.trainer.SmallTraining.modelVariables;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fashionmnist.training.trainer.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the configuration says reaches the training. */
class RecipeTest {
  @TempDir static Path shared;
  @TempDir Path directory;

  private static Path data;

  @BeforeAll
  static void writeData() throws IOException {
    data = SmallDataset.shapes().writeTo(shared.resolve("data"));
  }

  @Test
  void whenNothingGetsBetterTheBestEpochsWeightsAreTheModel() throws Exception {
    Path first = directory.resolve("first");
    train(first, "--epochs=1");
    Path stopped = directory.resolve("stopped");

    // No loss falls by so much: the first epoch stays the best, and the second is one too many.
    ProgramRun run =
        train(
            stopped,
            "--epochs=5",
            "--early-stopping.patience=1",
            "--early-stopping.min-delta=1000");

    JsonNode stop = line(run, "Stopped early: the validation loss no longer falls");
    assertThat(stop.path("epoch").intValue()).isEqualTo(2);
    assertThat(stop.path("bestEpoch").intValue()).isEqualTo(1);
    assertThat(line(run, "Training finished").path("bestEpoch").intValue()).isEqualTo(1);
    assertThat(modelVariables(stopped)).isEqualTo(modelVariables(first));
  }

  @Test
  void theStateIsSavedByTheClock() throws Exception {
    Path output = directory.resolve("output");

    train(
        output,
        "--epochs=2",
        "--checkpoints.every-epochs=0",
        "--checkpoints.every-minutes=0.00001",
        "--checkpoints.keep=100");

    assertThat(checkpoints(output))
        .contains("step-00000024")
        .anyMatch(name -> name.endsWith("-in-epoch-1"))
        .anyMatch(name -> name.endsWith("-in-epoch-2"));
  }

  @Test
  void theStateIsSavedAfterEverySoManyEpochsAndTheLast() throws Exception {
    Path output = directory.resolve("output");

    train(
        output,
        "--epochs=5",
        "--checkpoints.every-epochs=2",
        "--checkpoints.every-minutes=0",
        "--checkpoints.keep=100");

    assertThat(checkpoints(output))
        .containsExactly("step-00000024", "step-00000048", "step-00000060");
  }

  @Test
  void theAugmentationChangesWhatIsTrainedOn() throws Exception {
    ProgramRun with = train(directory.resolve("with"), "--epochs=1");
    ProgramRun without =
        train(
            directory.resolve("without"),
            "--epochs=1",
            "--augmentation.rotation-degrees=0",
            "--augmentation.width-shift=0",
            "--augmentation.height-shift=0",
            "--augmentation.shear=0",
            "--augmentation.zoom=0");

    assertThat(line(with, "Epoch 1 finished").path("loss").isNumber()).isTrue();
    assertThat(line(with, "Epoch 1 finished").path("loss"))
        .isNotEqualTo(line(without, "Epoch 1 finished").path("loss"));
  }

  @Test
  void theScheduleSetsTheStepsRates() throws Exception {
    Path constant = directory.resolve("constant");
    Path cosine = directory.resolve("cosine");

    ProgramRun first = train(constant, "--epochs=2", "--schedule.type=Constant");
    ProgramRun second = train(cosine, "--epochs=2", "--schedule.type=Cosine");

    assertThat(line(first, "Epoch 2 finished").path("learningRate").doubleValue()).isEqualTo(0.01);
    assertThat(line(second, "Epoch 2 finished").path("learningRate").doubleValue())
        .isLessThan(0.005);
    assertThat(modelVariables(cosine)).isNotEqualTo(modelVariables(constant));
  }

  private static ProgramRun train(Path output, String... options) {
    ProgramRun run = ProgramRun.of(Map.of(), command(data, output, options));
    assertThat(run.exitCode()).as("%s", run).isZero();
    return run;
  }

  /** The one line of the log with this message. */
  private static JsonNode line(ProgramRun run, String message) throws IOException {
    List<JsonNode> lines =
        SmallTraining.log(run.out()).stream()
            .filter(line -> line.path("message").textValue().equals(message))
            .toList();
    assertThat(lines).as("%s", run).hasSize(1);
    return lines.getFirst();
  }
}
