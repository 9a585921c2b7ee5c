package io.fashionmnist.training.trainer;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.zip.GZIPOutputStream;

/**
 * A data set of simple shapes, a little displaced and noisy, as IDX files: what a small network
 * learns in seconds.
 *
 * @param train number of training images
 * @param test number of test images
 * @param side height and width in pixels
 * @param label class of an image, by its number
 */
record SmallDataset(int train, int test, int side, IntUnaryOperator label) {
  static final String TRAIN_IMAGES = "train-images-idx3-ubyte.gz";
  static final String TRAIN_LABELS = "train-labels-idx1-int.gz";
  static final String TEST_LABELS = "t10k-labels-idx1-int.gz";

  private static final List<Shape> SHAPES =
      List.of(
          (x, y) -> Math.abs(y) < 0.2,
          (x, y) -> Math.abs(x) < 0.2,
          (x, y) -> Math.abs(x - y) < 0.25,
          (x, y) -> Math.abs(x + y) < 0.25,
          (x, y) -> x * x + y * y < 0.5,
          (x, y) -> Math.abs(x * x + y * y - 0.5) < 0.2,
          (x, y) -> Math.min(Math.abs(x), Math.abs(y)) < 0.15,
          (x, y) -> Math.max(Math.abs(x), Math.abs(y)) > 0.75);

  static final int CLASSES = SHAPES.size();

  /** Whether a point belongs to a shape; the image goes from -1 to 1 either way. */
  @FunctionalInterface
  private interface Shape {
    boolean has(double x, double y);
  }

  /** 400 training and 80 test images of 16 x 16 pixels, in 8 classes of the same size. */
  static SmallDataset shapes() {
    return new SmallDataset(400, 80, 16, i -> i % CLASSES);
  }

  SmallDataset withTrain(int images) {
    return new SmallDataset(images, test, side, label);
  }

  SmallDataset withSide(int pixels) {
    return new SmallDataset(train, test, pixels, label);
  }

  SmallDataset withLabels(IntUnaryOperator labels) {
    return new SmallDataset(train, test, side, labels);
  }

  /** Writes the four files, gzipped. */
  Path writeTo(Path directory) throws IOException {
    Files.createDirectories(directory);
    write(directory, "train", train, new Random(1));
    write(directory, "t10k", test, new Random(2));
    return directory;
  }

  private void write(Path directory, String set, int images, Random random) throws IOException {
    try (DataOutputStream out = gzip(directory.resolve(set + "-images-idx3-ubyte.gz"))) {
      out.writeInt(0x0803);
      out.writeInt(images);
      out.writeInt(side);
      out.writeInt(side);
      for (int i = 0; i < images; i++) {
        out.write(image(Math.floorMod(label.applyAsInt(i), CLASSES), random));
      }
    }
    try (DataOutputStream out = gzip(directory.resolve(set + "-labels-idx1-int.gz"))) {
      out.writeInt(0x0C01);
      out.writeInt(images);
      for (int i = 0; i < images; i++) {
        out.writeInt(label.applyAsInt(i));
      }
    }
  }

  private byte[] image(int shape, Random random) {
    double left = random.nextDouble(-0.15, 0.15);
    double up = random.nextDouble(-0.15, 0.15);
    byte[] pixels = new byte[side * side];
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        boolean on = SHAPES.get(shape).has(coordinate(column) - left, coordinate(row) - up);
        pixels[row * side + column] = (byte) ((on ? 190 : 20) + random.nextInt(40));
      }
    }
    return pixels;
  }

  private double coordinate(int pixel) {
    return (2 * pixel + 1.0) / side - 1;
  }

  private static DataOutputStream gzip(Path file) throws IOException {
    OutputStream out = Files.newOutputStream(file);
    return new DataOutputStream(new BufferedOutputStream(new GZIPOutputStream(out)));
  }
}
