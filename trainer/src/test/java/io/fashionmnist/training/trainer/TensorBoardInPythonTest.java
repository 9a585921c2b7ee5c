package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.trainer.cli.ProgramRun;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training writes for TensorBoard is what TensorBoard itself reads. */
class TensorBoardInPythonTest {
  private static final Path CHECK = Path.of("../bench/golden/check_event_file.py");
  private static final long PATIENCE_SECONDS = 180;
  private static final int CELL = 48;

  @TempDir Path directory;

  @Test
  void tensorBoardReadsScalarsConfusionMatrixAndGraph() throws Exception {
    Optional<String> python = Optional.ofNullable(System.getenv("FASHION_PYTHON"));
    assumeTrue(
        python.isPresent(),
        "FASHION_PYTHON does not name a Python with TensorBoard: nothing is read there.");
    Path data = SmallDataset.shapes().writeTo(directory.resolve("data"));
    Path output = directory.resolve("output");
    ProgramRun run = ProgramRun.of(Map.of(), command(data, output));
    assertThat(run.exitCode()).as("%s", run).isZero();
    JsonNode report = new ObjectMapper().readTree(output.resolve("report.json").toFile());
    JsonNode last = report.at("/metrics/last");

    JsonNode train = read(python.get(), output.resolve("logs/train"));
    JsonNode validation = read(python.get(), output.resolve("logs/validation"));
    JsonNode test = read(python.get(), output.resolve("logs/test"));

    assertThat(steps(train, "epoch_loss")).containsExactly(0, 1, 2);
    assertThat(steps(train, "epoch_learning_rate")).containsExactly(0, 1, 2);
    assertThat(value(train, "epoch_accuracy", 2)).isEqualTo(number(last, "accuracy"), within(1e-6));
    assertThat(value(validation, "epoch_loss", 2))
        .isEqualTo(number(last, "validationLoss"), within(1e-6));
    assertThat(value(test, "epoch_accuracy", 0))
        .isEqualTo(report.at("/test/accuracy").doubleValue(), within(1e-6));
    assertThat(train.path("graph").valueStream().map(JsonNode::textValue))
        .contains("Conv2D", "FusedBatchNormV3", "MaxPool", "MatMul", "Softmax");
    assertThat(train.path("graph").has("conv1.kernel")).isTrue();

    assertThat(steps(test, "epoch_loss"))
        .containsExactly(report.at("/metrics/best/epoch").intValue() - 1);
    BufferedImage picture = picture(test.path("images").path("confusion_matrix/image"));
    assertThat(picture.getWidth()).isEqualTo(CELL * SmallDataset.CLASSES);
    for (int truth = 0; truth < SmallDataset.CLASSES; truth++) {
      for (int predicted = 0; predicted < SmallDataset.CLASSES; predicted++) {
        int count = report.at("/confusionMatrix/" + truth + "/" + predicted).intValue();
        int rgb = picture.getRGB(predicted * CELL + 1, truth * CELL + 1) & 0xffffff;
        assertThat(rgb == 0xffffff)
            .as("cell %d, %d is empty", truth, predicted)
            .isEqualTo(count == 0);
      }
    }
  }

  private static BufferedImage picture(JsonNode images) throws Exception {
    assertThat(images).hasSize(1);
    return ImageIO.read(new ByteArrayInputStream(images.path(0).path("png").binaryValue()));
  }

  private static List<Integer> steps(JsonNode read, String tag) {
    return read.at("/scalars/" + tag).findValues("step").stream().map(JsonNode::intValue).toList();
  }

  private static double value(JsonNode read, String tag, int index) {
    return number(read.at("/scalars/" + tag).path(index), "value");
  }

  private static double number(JsonNode node, String name) {
    return node.path(name).doubleValue();
  }

  private JsonNode read(String python, Path logs) throws Exception {
    Path said = directory.resolve("said");
    Path complaints = directory.resolve("complaints");
    Process process =
        new ProcessBuilder(python, CHECK.toString(), logs.toString())
            .redirectOutput(said.toFile())
            .redirectError(complaints.toFile())
            .start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("ended in time").isTrue();
    assertThat(process.exitValue()).as(Files.readString(complaints)).isZero();
    return new ObjectMapper().readTree(said.toFile());
  }
}
