package io.fashionmnist.training.trainer.data;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;

/** Image sets made up for tests. */
final class TestImages {
  private TestImages() {}

  /** Noise, with labels 0 to 6. */
  static ImageSet random(int count, int height, int width, long seed) {
    byte[] pixels = new byte[count * height * width];
    new Random(seed).nextBytes(pixels);
    short[] labels = new short[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (short) (i % 7);
    }
    return new ImageSet(MemorySegment.ofArray(pixels), labels, height, width);
  }

  /** Something like a garment: soft edges, texture, a dark background, some hard lines. */
  static byte[] garment(int height, int width, Random random) {
    byte[] image = new byte[height * width];
    double centreX = width * (0.35 + 0.3 * random.nextDouble());
    double centreY = height * (0.35 + 0.3 * random.nextDouble());
    double radius = Math.min(height, width) * (0.2 + 0.3 * random.nextDouble());
    int stripe = 2 + random.nextInt(5);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double inside = radius - Math.hypot(x - centreX, y - centreY);
        double body = Math.clamp(inside, 0, 3) / 3;
        double texture = (y / stripe) % 2 == 0 ? 220 : 90 + random.nextInt(60);
        image[y * width + x] = (byte) (int) (body * texture);
      }
    }
    return image;
  }

  static byte[] image(Batch batch, int index, int imageBytes) {
    return Arrays.copyOfRange(batch.pixels(), index * imageBytes, (index + 1) * imageBytes);
  }

  static byte[] image(ImageSet images, int index) {
    byte[] image = new byte[images.imageBytes()];
    images.copyImage(index, image, 0);
    return image;
  }
}
