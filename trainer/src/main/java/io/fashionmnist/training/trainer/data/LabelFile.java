package io.fashionmnist.training.trainer.data;

import io.fashionmnist.training.trainer.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The content of an IDX file of labels.
 *
 * @param uri where it was read from
 * @param sha256 SHA-256 of the labels as big-endian 16-bit numbers, whatever type the file has
 */
record LabelFile(String uri, short[] labels, byte[] sha256) {
  /** Most classes that can be told apart. */
  static final int MAX_CLASSES = 1000;

  private static final int CHUNK = 1 << 13;

  static LabelFile read(String uri, IdxStream file) throws IOException {
    int magic = file.magic();
    if (!isMagic(magic)) {
      throw file.bad(
          ("is not an IDX file of labels: it starts with %08x instead of 00000801"
                  + " (bytes), 00000b01 (shorts) or 00000c01 (ints)%s")
              .formatted(
                  magic,
                  magic == PixelFile.MAGIC ? ", as images do; were two files swapped?" : ""));
    }
    long count = file.size();
    if (count == 0) {
      throw file.bad("has no labels");
    }
    if (count > Integer.MAX_VALUE - 8) {
      throw file.bad("announces %,d labels, which cannot be; fetch it again".formatted(count));
    }
    MessageDigest digest = Sha256.create();
    short[] labels = labels(file, magic >> 8, (int) count, digest);
    file.expectEnd();
    return new LabelFile(uri, labels, digest.digest());
  }

  static boolean isMagic(int magic) {
    return (magic & 0xff) == 1 && elementBytes(magic >> 8) > 0;
  }

  private static int elementBytes(int type) {
    return switch (type) {
      case IdxStream.UBYTE -> 1;
      case IdxStream.SHORT -> 2;
      case IdxStream.INT -> 4;
      default -> 0;
    };
  }

  private static short[] labels(IdxStream file, int type, int count, MessageDigest digest)
      throws IOException {
    int size = elementBytes(type);
    byte[] chunk = new byte[CHUNK * size];
    byte[] digested = new byte[CHUNK * Short.BYTES];
    // Grows with what is really there: a damaged header may announce two thousand million.
    short[] labels = new short[Math.min(count, CHUNK)];
    for (int done = 0; done < count; ) {
      int wanted = Math.min(CHUNK, count - done);
      if (file.read(chunk, wanted * size) < wanted * size) {
        throw file.truncated(2L * Integer.BYTES + (long) count * size);
      }
      if (done + wanted > labels.length) {
        labels = Arrays.copyOf(labels, (int) Math.min(count, 2L * labels.length));
      }
      ByteBuffer elements = ByteBuffer.wrap(chunk);
      ByteBuffer normalized = ByteBuffer.wrap(digested);
      for (int i = done; i < done + wanted; i++) {
        labels[i] = label(file, i, element(elements, type));
        normalized.putShort(labels[i]);
      }
      digest.update(digested, 0, wanted * Short.BYTES);
      done += wanted;
    }
    return labels;
  }

  private static int element(ByteBuffer elements, int type) {
    return switch (type) {
      case IdxStream.UBYTE -> Byte.toUnsignedInt(elements.get());
      case IdxStream.SHORT -> elements.getShort();
      default -> elements.getInt();
    };
  }

  private static short label(IdxStream file, int index, int value) {
    if (value < 0 || value >= MAX_CLASSES) {
      throw file.bad(
          "has label %d at index %d; labels go from 0 to %d, for at most %,d classes"
              .formatted(value, index, MAX_CLASSES - 1, MAX_CLASSES));
    }
    return (short) value;
  }

  /** The largest label. */
  int largest() {
    int largest = 0;
    for (short label : labels) {
      largest = Math.max(largest, label);
    }
    return largest;
  }

  /** Where a label first occurs. */
  int indexOf(int label) {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == label) {
        return i;
      }
    }
    return -1;
  }
}
