package io.fashionmnist.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fashionmnist.training.trainer.data.Dataset;
import io.fashionmnist.training.trainer.data.DatasetReader;
import io.fashionmnist.training.trainer.storage.LocalFolder;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of docs/howto-own-data.md makes of folders of pictures what the trainer reads. */
class OwnPicturesTest {
  private static final Path PAGE = Path.of("../docs/howto-own-data.md");
  private static final long PATIENCE_SECONDS = 120;

  @TempDir Path directory;

  @BeforeEach
  void needsPython() {
    assumeTrue(
        System.getenv("FASHION_PYTHON") != null,
        "FASHION_PYTHON does not name a Python with Pillow: no pictures are read there.");
  }

  @Test
  void aClassHasTheSameLabelInBothSets() throws Exception {
    for (String each : List.of("bag", "boot", "coat")) {
      draw("train", each, 40);
    }
    draw("test", "bag", 80);
    draw("test", "coat", 200);

    assertThat(run()).isEmpty();

    Dataset dataset = read();
    assertThat(dataset.classNames()).containsExactly("bag", "boot", "coat");
    assertThat(dataset.train().labels()).containsExactly((short) 0, (short) 1, (short) 2);
    assertThat(dataset.test().labels()).containsExactly((short) 0, (short) 2);
    assertThat(List.of(dataset.test().height(), dataset.test().width())).containsExactly(28, 28);
    assertThat(pixel(dataset, 0)).isEqualTo(80);
    assertThat(pixel(dataset, 1)).isEqualTo(200);
  }

  /** A byte has no room for the last of them. */
  @Test
  void threeHundredClasses() throws Exception {
    List<String> classes = IntStream.range(0, 300).mapToObj("c%03d"::formatted).toList();
    for (String each : classes) {
      draw("train", each, 40);
    }
    draw("test", "c299", 40);

    assertThat(run()).isEmpty();

    Dataset dataset = read();
    assertThat(dataset.classNames()).isEqualTo(classes);
    assertThat(dataset.train().labels()).hasSize(300).endsWith((short) 299);
    assertThat(dataset.test().labels()).containsExactly((short) 299);
  }

  @Test
  void refusesAClassThatIsNotTrained() throws Exception {
    draw("train", "bag", 40);
    draw("test", "bag", 40);
    draw("test", "hat", 40);

    assertThat(run()).contains("hat");
    assertThat(directory.resolve("data")).doesNotExist();
  }

  private void draw(String set, String name, int grey) throws IOException {
    File file = directory.resolve(set).resolve(name).resolve("1.png").toFile();
    Files.createDirectories(file.getParentFile().toPath());
    BufferedImage image = new BufferedImage(9, 9, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSamples(0, 0, 9, 9, 0, IntStream.generate(() -> grey).limit(81).toArray());
    ImageIO.write(image, "png", file);
  }

  /** What the script says when it fails; nothing when it does not. */
  private String run() throws Exception {
    Matcher script =
        Pattern.compile("```python\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
    assertThat(script.find()).isTrue();
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(
                System.getenv("FASHION_PYTHON"), "-c", script.group(1), "train", "test", "data")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).isTrue();
    return process.exitValue() == 0 ? "" : Files.readString(said);
  }

  private Dataset read() throws Exception {
    return new DatasetReader(Optional.empty())
        .read(new LocalFolder(directory.resolve("data")), Arena.ofAuto());
  }

  private static int pixel(Dataset dataset, int image) {
    byte[] pixels = new byte[dataset.test().imageBytes()];
    dataset.test().copyImage(image, pixels, 0);
    return Byte.toUnsignedInt(pixels[0]);
  }
}
