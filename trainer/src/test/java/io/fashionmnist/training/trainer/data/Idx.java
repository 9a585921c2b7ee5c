package io.fashionmnist.training.trainer.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** Makes small IDX files. */
final class Idx {
  private Idx() {}

  /** Images whose pixel {@code i} is {@code i * 7} as a byte. */
  static byte[] images(int count, int height, int width) {
    ByteBuffer file = ByteBuffer.allocate(16 + count * height * width);
    file.putInt(0x803).putInt(count).putInt(height).putInt(width);
    for (int i = 0; file.hasRemaining(); i++) {
      file.put((byte) (i * 7));
    }
    return file.array();
  }

  static byte[] labels(int... labels) {
    ByteBuffer file = ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length);
    for (int label : labels) {
      file.put((byte) label);
    }
    return file.array();
  }

  static byte[] shortLabels(int... labels) {
    ByteBuffer file = ByteBuffer.allocate(8 + 2 * labels.length);
    file.putInt(0xB01).putInt(labels.length);
    for (int label : labels) {
      file.putShort((short) label);
    }
    return file.array();
  }

  static byte[] intLabels(int... labels) {
    ByteBuffer file = ByteBuffer.allocate(8 + 4 * labels.length);
    file.putInt(0xC01).putInt(labels.length);
    for (int label : labels) {
      file.putInt(label);
    }
    return file.array();
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
