package io.fashionmnist.training.trainer.page;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * A grey picture as PNG (W3C's Portable Network Graphics, third edition): 8 bits a pixel, no
 * filter. Java's own encoder is in {@code java.desktop}, which the container does without.
 *
 * @param pixels row after row, 0 is black
 */
record GreyPng(byte[] pixels, int height, int width) {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int BITS = 8;
  private static final int GREY = 0;
  private static final int NO_FILTER = 0;

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream png = new DataOutputStream(bytes)) {
      png.write(SIGNATURE);
      writeChunk(png, "IHDR", header());
      writeChunk(png, "IDAT", data());
      writeChunk(png, "IEND", new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private byte[] header() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream header = new DataOutputStream(bytes)) {
      header.writeInt(width);
      header.writeInt(height);
      // The last three: compression and filter method, of which there is one each; no interlacing.
      header.write(new byte[] {BITS, GREY, 0, 0, 0});
    }
    return bytes.toByteArray();
  }

  private byte[] data() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream rows = new DeflaterOutputStream(bytes)) {
      for (int row = 0; row < height; row++) {
        rows.write(NO_FILTER);
        rows.write(pixels, row * width, width);
      }
    }
    return bytes.toByteArray();
  }

  private static void writeChunk(DataOutputStream png, String name, byte[] content)
      throws IOException {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(type);
    checksum.update(content);
    png.writeInt(content.length);
    png.write(type);
    png.write(content);
    png.writeInt((int) checksum.getValue());
  }
}
