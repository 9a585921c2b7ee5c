package io.fashionmnist.training.trainer.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.trainer.data.ImageSet;
import io.fashionmnist.training.trainer.evaluation.Mistake;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Held to Java's own reader of PNG. */
class MistakePictureTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;

  @Test
  void aPictureHasTheImagesPixels() throws IOException {
    byte[] pixels = new byte[3 * HEIGHT * WIDTH];
    new Random(1).nextBytes(pixels);
    ImageSet images = new ImageSet(MemorySegment.ofArray(pixels), new short[3], HEIGHT, WIDTH);

    List<MistakePicture> pictures =
        MistakePicture.of(
            images, List.of(new Mistake(2, 0, 1, 0.9, 0.1), new Mistake(0, 1, 0, 0.8, 0.1)));

    for (MistakePicture picture : pictures) {
      BufferedImage read = read(picture);
      assertThat(read.getWidth()).isEqualTo(WIDTH);
      assertThat(read.getHeight()).isEqualTo(HEIGHT);
      for (int i = 0; i < HEIGHT * WIDTH; i++) {
        int[] grey = read.getRaster().getPixel(i % WIDTH, i / WIDTH, (int[]) null);
        assertThat(grey)
            .containsExactly(
                Byte.toUnsignedInt(pixels[picture.mistake().image() * HEIGHT * WIDTH + i]));
      }
    }
  }

  @Test
  void aLargeImageBecomesSmallerByMeans() throws IOException {
    int height = 150;
    int width = 193;
    byte[] pixels = new byte[height * width];
    for (int i = 0; i < pixels.length; i++) {
      // Columns of 100 and 200: squares of three have both, and the last square is one column.
      pixels[i] = (byte) (i % width % 2 == 0 ? 100 : 200);
    }
    ImageSet images = new ImageSet(MemorySegment.ofArray(pixels), new short[1], height, width);

    BufferedImage read =
        read(MistakePicture.of(images, List.of(new Mistake(0, 0, 1, 0.9, 0.1))).getFirst());

    assertThat(read.getHeight()).isEqualTo(50);
    assertThat(read.getWidth()).isEqualTo(65);
    assertThat(read.getRaster().getPixel(0, 0, (int[]) null)).containsExactly(133);
    assertThat(read.getRaster().getPixel(1, 49, (int[]) null)).containsExactly(167);
    assertThat(read.getRaster().getPixel(64, 20, (int[]) null)).containsExactly(100);
  }

  private static BufferedImage read(MistakePicture picture) throws IOException {
    String prefix = "data:image/png;base64,";
    assertThat(picture.dataUri()).startsWith(prefix);
    byte[] png = Base64.getDecoder().decode(picture.dataUri().substring(prefix.length()));
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
