package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.trainer.cli.ProgramRun;
import io.fashionmnist.training.trainer.data.Dataset;
import io.fashionmnist.training.trainer.data.DatasetReader;
import io.fashionmnist.training.trainer.storage.LocalFolder;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.types.TFloat32;

/** The exported model gives Python's TensorFlow the probabilities that it gives here. */
class SavedModelInPythonTest {
  private static final Path CHECK = Path.of("../bench/golden/check_saved_model.py");
  private static final long PATIENCE_SECONDS = 180;

  @TempDir Path directory;

  @Test
  void pythonGetsTheSameProbabilities() throws Exception {
    Optional<String> python = Optional.ofNullable(System.getenv("FASHION_PYTHON"));
    assumeTrue(
        python.isPresent(),
        "FASHION_PYTHON does not name a Python with TensorFlow: the model is not opened there.");
    Path data = SmallDataset.shapes().writeTo(directory.resolve("data"));
    Path output = directory.resolve("output");
    ProgramRun run = ProgramRun.of(Map.of(), command(data, output));
    assertThat(run.exitCode()).as("%s", run).isZero();
    float[][][] images = testImages(data);
    float[][] probabilities = probabilities(output.resolve("model"), images);
    assertThat(accuracy(data, probabilities))
        .isEqualTo(SmallTraining.log(run.out()).getLast().path("testAccuracy").doubleValue());
    Path expected = directory.resolve("probabilities.json");
    Files.write(
        expected,
        new ObjectMapper()
            .writeValueAsBytes(Map.of("images", images, "probabilities", probabilities)));

    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(
                python.get(),
                CHECK.toString(),
                output.resolve("model").toString(),
                expected.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();

    assertThat(ended).as("ended in time: %s", Files.readString(said)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    assertThat(Files.readString(said)).contains("[N,H,W]:", "[N,H,W,1]:");
  }

  private static float[][][] testImages(Path data) throws Exception {
    Dataset dataset =
        new DatasetReader(Optional.empty()).read(new LocalFolder(data), Arena.ofAuto());
    int side = dataset.test().height();
    float[][][] images = new float[dataset.test().count()][side][side];
    byte[] pixels = new byte[dataset.test().imageBytes()];
    for (int image = 0; image < images.length; image++) {
      dataset.test().copyImage(image, pixels, 0);
      for (int i = 0; i < pixels.length; i++) {
        images[image][i / side][i % side] = Byte.toUnsignedInt(pixels[i]) / 255f;
      }
    }
    return images;
  }

  private static float[][] probabilities(Path model, float[][][] images) {
    try (SavedModelBundle bundle = SavedModelBundle.load(model.toString(), "serve");
        TFloat32 input = TFloat32.tensorOf(StdArrays.ndCopyOf(images));
        var result = bundle.function("serving_default").call(Map.of("images", input))) {
      TFloat32 output = (TFloat32) result.get("probabilities").orElseThrow();
      return StdArrays.array2dCopyOf(output);
    }
  }

  private static double accuracy(Path data, float[][] probabilities) throws Exception {
    short[] labels =
        new DatasetReader(Optional.empty())
            .read(new LocalFolder(data), Arena.ofAuto())
            .test()
            .labels();
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      float[] row = probabilities[i].clone();
      float ofLabel = row[labels[i]];
      Arrays.sort(row);
      right += ofLabel == row[row.length - 1] ? 1 : 0;
    }
    return (double) right / labels.length;
  }
}
