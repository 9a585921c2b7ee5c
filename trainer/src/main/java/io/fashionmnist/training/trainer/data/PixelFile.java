package io.fashionmnist.training.trainer.data;

import io.fashionmnist.training.trainer.Sha256;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.OptionalLong;

/**
 * The content of an IDX file of images.
 *
 * @param uri where it was read from
 * @param pixels image after image, row after row
 * @param sha256 SHA-256 of the pixels
 */
record PixelFile(
    String uri, MemorySegment pixels, int count, int height, int width, byte[] sha256) {
  static final int MAGIC = IdxStream.UBYTE << 8 | 3;

  private static final int CHUNK = 1 << 16;

  /** Reads the pixels into memory that lives as long as {@code arena}. */
  static PixelFile read(String uri, IdxStream file, Arena arena) throws IOException {
    int magic = file.magic();
    if (magic != MAGIC) {
      throw file.bad(
          "is not an IDX file of images: it starts with %08x instead of %08x%s"
              .formatted(
                  magic,
                  MAGIC,
                  LabelFile.isMagic(magic) ? ", as labels do; were two files swapped?" : ""));
    }
    long count = file.size();
    long height = file.size();
    long width = file.size();
    if (count == 0) {
      throw file.bad("has no images");
    }
    if (height == 0
        || width == 0
        || count > Integer.MAX_VALUE
        || height > Integer.MAX_VALUE
        || width > Integer.MAX_VALUE
        || height * width > Integer.MAX_VALUE) {
      throw file.bad(
          "announces %,d images of %,d x %,d pixels, which cannot be; fetch it again"
              .formatted(count, height, width));
    }
    long bytes = count * height * width;
    refuseMoreThanMemory(file, bytes);
    MemorySegment pixels = arena.allocate(bytes);
    MessageDigest digest = Sha256.create();
    fill(file, pixels, digest);
    file.expectEnd();
    return new PixelFile(uri, pixels, (int) count, (int) height, (int) width, digest.digest());
  }

  private static void fill(IdxStream file, MemorySegment pixels, MessageDigest digest)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    long header = 4L * Integer.BYTES;
    for (long offset = 0; offset < pixels.byteSize(); ) {
      int wanted = (int) Math.min(chunk.length, pixels.byteSize() - offset);
      int read = file.read(chunk, wanted);
      MemorySegment.copy(chunk, 0, pixels, ValueLayout.JAVA_BYTE, offset, read);
      digest.update(chunk, 0, read);
      if (read < wanted) {
        throw file.truncated(header + pixels.byteSize());
      }
      offset += read;
    }
  }

  /** A damaged header can announce more than any machine has. */
  private static void refuseMoreThanMemory(IdxStream file, long bytes) {
    OptionalLong memory = MachineMemory.ifLessThan(bytes);
    if (memory.isPresent()) {
      throw file.bad(
          ("announces %,d bytes of pixels, more than the %,d bytes of"
                  + " memory here; give more memory, or fetch the file again if it should be smaller")
              .formatted(bytes, memory.getAsLong()));
    }
  }
}
