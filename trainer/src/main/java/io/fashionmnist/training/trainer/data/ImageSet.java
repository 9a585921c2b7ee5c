package io.fashionmnist.training.trainer.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Grey images of one size and their labels.
 *
 * <p>The pixels lie outside the Java heap, one byte each (0 black, 255 white), image after image,
 * row after row: a data set costs its own bytes and no more.
 *
 * @param pixels {@code count * height * width} bytes
 * @param labels one class number per image, from 0
 */
public record ImageSet(MemorySegment pixels, short[] labels, int height, int width) {

  public ImageSet {
    if (pixels.byteSize() != (long) labels.length * height * width) {
      throw new IllegalArgumentException(
          "%d bytes of pixels for %d images of %d x %d"
              .formatted(pixels.byteSize(), labels.length, height, width));
    }
  }

  /** Number of images. */
  public int count() {
    return labels.length;
  }

  /** Bytes per image. */
  public int imageBytes() {
    return height * width;
  }

  /** Copies image {@code index} into {@code target} from {@code offset} on. */
  public void copyImage(int index, byte[] target, int offset) {
    MemorySegment.copy(
        pixels, ValueLayout.JAVA_BYTE, (long) index * imageBytes(), target, offset, imageBytes());
  }
}
