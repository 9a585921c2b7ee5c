package io.fashionmnist.training.trainer.page;

import io.fashionmnist.training.trainer.data.ImageSet;
import io.fashionmnist.training.trainer.evaluation.Mistake;
import java.util.Base64;
import java.util.List;

/**
 * What a mistake looks like.
 *
 * @param dataUri the image as PNG; a large one is made smaller
 */
public record MistakePicture(Mistake mistake, String dataUri) {
  /** Longest side of a picture, in pixels. */
  static final int LONGEST_SIDE = 96;

  /** Makes the pictures, in the order of the mistakes. */
  public static List<MistakePicture> of(ImageSet images, List<Mistake> mistakes) {
    byte[] pixels = new byte[images.imageBytes()];
    return mistakes.stream()
        .map(
            mistake -> {
              images.copyImage(mistake.image(), pixels, 0);
              GreyPng png = smaller(pixels, images.height(), images.width());
              return new MistakePicture(
                  mistake,
                  "data:image/png;base64," + Base64.getEncoder().encodeToString(png.bytes()));
            })
        .toList();
  }

  /** Every pixel is the mean of a square of those before. */
  static GreyPng smaller(byte[] pixels, int height, int width) {
    int square = Math.ceilDiv(Math.max(height, width), LONGEST_SIDE);
    int rows = Math.ceilDiv(height, square);
    int columns = Math.ceilDiv(width, square);
    byte[] smaller = new byte[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int bottom = Math.min(height, (row + 1) * square);
        int right = Math.min(width, (column + 1) * square);
        long sum = 0;
        for (int y = row * square; y < bottom; y++) {
          for (int x = column * square; x < right; x++) {
            sum += Byte.toUnsignedInt(pixels[y * width + x]);
          }
        }
        int count = (bottom - row * square) * (right - column * square);
        smaller[row * columns + column] = (byte) Math.round((double) sum / count);
      }
    }
    return new GreyPng(smaller, rows, columns);
  }
}
