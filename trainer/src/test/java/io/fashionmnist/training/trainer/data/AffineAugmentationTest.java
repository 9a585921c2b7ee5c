package io.fashionmnist.training.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fashionmnist.training.api.training.AugmentationConfig;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.image.ImageProjectiveTransformV3;
import org.tensorflow.types.TFloat32;

class AffineAugmentationTest {
  private static final AugmentationConfig STRONG =
      new AugmentationConfig(180.0, 0.5, 0.5, 0.9, 0.8, true);
  private static final AugmentationConfig NONE =
      new AugmentationConfig(0.0, 0.0, 0.0, 0.0, 0.0, false);

  private static byte[] apply(AffineAugmentation augmentation, byte[] source, Affine affine) {
    byte[] target = new byte[source.length];
    augmentation.apply(source, 0, target, 0, affine);
    return target;
  }

  private static AffineAugmentation of(int height, int width) {
    return new AffineAugmentation(AugmentationConfig.defaults(), height, width);
  }

  private static byte[] noise(int length) {
    byte[] image = new byte[length];
    new Random(5).nextBytes(image);
    return image;
  }

  @Test
  void withoutAnyAmountEveryImageStaysAsItIs() {
    AffineAugmentation none = new AffineAugmentation(NONE, 28, 28);

    assertThat(IntStream.range(0, 100).mapToObj(image -> none.draw(42, 0, image)))
        .containsOnly(Affine.IDENTITY);
  }

  @Test
  void agreesWithTensorFlowOnTheDefaultRecipe() {
    assertThat(farthestFromTensorFlow(AugmentationConfig.defaults(), 28, 28, 400)).isLessThan(1.5);
  }

  @Test
  void agreesWithTensorFlowOnStrongChanges() {
    assertThat(farthestFromTensorFlow(STRONG, 28, 28, 300)).isLessThan(1.5);
  }

  @Test
  void agreesWithTensorFlowOnLongImages() {
    assertThat(farthestFromTensorFlow(STRONG, 17, 64, 100)).isLessThan(1.5);
    assertThat(farthestFromTensorFlow(STRONG, 90, 33, 100)).isLessThan(1.5);
  }

  /** The largest difference of any pixel, of 255, over a number of images. */
  private static double farthestFromTensorFlow(
      AugmentationConfig config, int height, int width, int count) {
    AffineAugmentation augmentation = new AffineAugmentation(config, height, width);
    Random random = new Random(7);
    int bytes = height * width;
    float[] pixels = new float[count * bytes];
    float[] transforms = new float[count * 8];
    byte[] ours = new byte[count * bytes];
    for (int i = 0; i < count; i++) {
      byte[] image = TestImages.garment(height, width, random);
      for (int p = 0; p < bytes; p++) {
        pixels[i * bytes + p] = image[p] & 0xff;
      }
      Affine affine = augmentation.draw(42, 0, i);
      System.arraycopy(
          new float[] {
            affine.xx(), affine.xy(), affine.x0(), affine.yx(), affine.yy(), affine.y0()
          },
          0,
          transforms,
          i * 8,
          6);
      augmentation.apply(image, 0, ours, i * bytes, affine);
    }
    float[] theirs = tensorFlow(pixels, transforms, count, height, width);
    double farthest = 0;
    for (int p = 0; p < ours.length; p++) {
      farthest = Math.max(farthest, Math.abs((ours[p] & 0xff) - theirs[p]));
    }
    return farthest;
  }

  private static float[] tensorFlow(
      float[] pixels, float[] transforms, int count, int height, int width) {
    Shape imageShape = Shape.of(count, height, width, 1);
    try (Graph graph = new Graph();
        TFloat32 images = TFloat32.tensorOf(imageShape, DataBuffers.of(pixels));
        TFloat32 maps = TFloat32.tensorOf(Shape.of(count, 8), DataBuffers.of(transforms))) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> imagesIn = tf.placeholder(TFloat32.class);
      Placeholder<TFloat32> mapsIn = tf.placeholder(TFloat32.class);
      ImageProjectiveTransformV3<TFloat32> changed =
          tf.image.imageProjectiveTransformV3(
              imagesIn,
              mapsIn,
              tf.constant(new int[] {height, width}),
              tf.constant(0f),
              "BILINEAR",
              ImageProjectiveTransformV3.fillMode("NEAREST"));
      try (Session session = new Session(graph);
          Result result =
              session.runner().feed(imagesIn, images).feed(mapsIn, maps).fetch(changed).run()) {
        float[] out = new float[pixels.length];
        ((TFloat32) result.get(0))
            .copyTo(NdArrays.wrap(imageShape, DataBuffers.of(out, false, false)));
        return out;
      }
    }
  }

  @Test
  void nothingSwitchedOnCopies() {
    AffineAugmentation none = new AffineAugmentation(NONE, 9, 7);
    byte[] image = noise(63);
    for (int i = 0; i < 20; i++) {
      assertThat(apply(none, image, none.draw(42, 0, i))).isEqualTo(image);
    }
  }

  @Property(tries = 50)
  void flipIsExact(
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width) {
    AffineAugmentation augmentation = of(height, width);
    byte[] image = noise(height * width);
    byte[] flipped = apply(augmentation, image, augmentation.compose(0, 0, 0, 0, 1, 1, true));
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        assertThat(flipped[y * width + x]).isEqualTo(image[y * width + width - 1 - x]);
      }
    }
  }

  @Property(tries = 100)
  void shiftByWholePixelsIsExactAndRepeatsTheEdge(
      @ForAll @IntRange(min = 1, max = 20) int height,
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = -25, max = 25) int right,
      @ForAll @IntRange(min = -25, max = 25) int down) {
    AffineAugmentation augmentation = of(height, width);
    byte[] image = noise(height * width);
    byte[] shifted =
        apply(augmentation, image, augmentation.compose(0, right, down, 0, 1, 1, false));
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int sourceY = Math.clamp(y + down, 0, height - 1);
        int sourceX = Math.clamp(x + right, 0, width - 1);
        assertThat(shifted[y * width + x]).isEqualTo(image[sourceY * width + sourceX]);
      }
    }
  }

  @Test
  void quarterTurnIsExact() {
    AffineAugmentation augmentation = of(9, 9);
    byte[] image = noise(81);
    byte[] turned =
        apply(augmentation, image, augmentation.compose(Math.PI / 2, 0, 0, 0, 1, 1, false));
    for (int y = 0; y < 9; y++) {
      for (int x = 0; x < 9; x++) {
        assertThat(turned[y * 9 + x]).isEqualTo(image[x * 9 + 8 - y]);
      }
    }
  }

  /** Rotation, shift, shear, zoom multiplied in Keras's order, about the centre, mirrored last. */
  @Property(tries = 200)
  void composesAsKeras(
      @ForAll @DoubleRange(min = -3, max = 3) double rotation,
      @ForAll @DoubleRange(min = -9, max = 9) double shiftX,
      @ForAll @DoubleRange(min = -9, max = 9) double shiftY,
      @ForAll @DoubleRange(min = -1, max = 1) double shear,
      @ForAll @DoubleRange(min = 0.1, max = 2) double zoomX,
      @ForAll @DoubleRange(min = 0.1, max = 2) double zoomY,
      @ForAll boolean flip) {
    double cx = 15.5;
    double cy = 9;
    double[][] product = {{1, 0, cx}, {0, 1, cy}, {0, 0, 1}};
    product = times(product, rotation(rotation));
    product = times(product, new double[][] {{1, 0, shiftX}, {0, 1, shiftY}, {0, 0, 1}});
    product =
        times(
            product, new double[][] {{1, -Math.sin(shear), 0}, {0, Math.cos(shear), 0}, {0, 0, 1}});
    product = times(product, new double[][] {{zoomX, 0, 0}, {0, zoomY, 0}, {0, 0, 1}});
    product = times(product, new double[][] {{1, 0, -cx}, {0, 1, -cy}, {0, 0, 1}});
    if (flip) {
      product = times(product, new double[][] {{-1, 0, 31}, {0, 1, 0}, {0, 0, 1}});
    }

    Affine affine = of(19, 32).compose(rotation, shiftX, shiftY, shear, zoomX, zoomY, flip);

    assertThat((double) affine.xx()).isCloseTo(product[0][0], within(1e-5));
    assertThat((double) affine.xy()).isCloseTo(product[0][1], within(1e-5));
    assertThat((double) affine.x0()).isCloseTo(product[0][2], within(1e-4));
    assertThat((double) affine.yx()).isCloseTo(product[1][0], within(1e-5));
    assertThat((double) affine.yy()).isCloseTo(product[1][1], within(1e-5));
    assertThat((double) affine.y0()).isCloseTo(product[1][2], within(1e-4));
  }

  private static double[][] rotation(double angle) {
    return new double[][] {
      {Math.cos(angle), -Math.sin(angle), 0}, {Math.sin(angle), Math.cos(angle), 0}, {0, 0, 1}
    };
  }

  private static double[][] times(double[][] a, double[][] b) {
    double[][] product = new double[3][3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        for (int k = 0; k < 3; k++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  @Test
  void drawsDependOnSeedEpochAndImageAlone() {
    AffineAugmentation augmentation = of(28, 28);
    Affine drawn = augmentation.draw(42, 3, 17);
    assertThat(of(28, 28).draw(42, 3, 17)).isEqualTo(drawn);
    assertThat(augmentation.draw(43, 3, 17)).isNotEqualTo(drawn);
    assertThat(augmentation.draw(42, 4, 17)).isNotEqualTo(drawn);
    assertThat(augmentation.draw(42, 3, 18)).isNotEqualTo(drawn);
  }

  /** A resumed run must augment as the run before it, on whatever machine. */
  @Test
  void drawsTheSameOnEveryMachine() {
    assertThat(of(28, 28).draw(42, 0, 0))
        .isEqualTo(
            new Affine(
                -0.860566f, 0.112492464f, 21.309374f, 0.035602704f, 0.85875976f, 2.5918934f));
  }

  @Test
  void drawsFillTheirRangesEvenlyAndFlipHalf() {
    AffineAugmentation shifts =
        new AffineAugmentation(new AugmentationConfig(0.0, 0.25, 0.1, 0.0, 0.0, true), 20, 40);
    int draws = 4000;
    int flips = 0;
    double sumX = 0;
    Set<Float> distinct = new HashSet<>();
    double largestX = 0;
    double largestY = 0;
    for (int i = 0; i < draws; i++) {
      Affine affine = shifts.draw(1, 0, i);
      boolean flip = affine.xx() < 0;
      flips += flip ? 1 : 0;
      double shiftX = flip ? affine.x0() - 39 : affine.x0();
      sumX += shiftX;
      largestX = Math.max(largestX, Math.abs(shiftX));
      largestY = Math.max(largestY, Math.abs(affine.y0()));
      distinct.add(affine.x0());
    }
    assertThat(flips).isBetween(1850, 2150);
    assertThat(largestX).isBetween(9.9, 10.0001);
    assertThat(largestY).isBetween(1.98, 2.0001);
    assertThat(sumX / draws).isCloseTo(0, within(0.4));
    assertThat(distinct).hasSizeGreaterThan(3900);
  }

  @Property(tries = 60)
  void readsAndWritesItsOwnImageOnly(
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(max = 1000) int image) {
    AffineAugmentation augmentation = new AffineAugmentation(STRONG, height, width);
    int bytes = height * width;
    byte[] source = new byte[3 * bytes];
    Arrays.fill(source, bytes, 2 * bytes, (byte) 200);
    byte[] target = new byte[3 * bytes];

    augmentation.apply(source, bytes, target, bytes, augmentation.draw(1, 0, image));

    for (int i = 0; i < target.length; i++) {
      boolean inside = i >= bytes && i < 2 * bytes;
      assertThat(target[i]).isEqualTo(inside ? (byte) 200 : 0);
    }
  }
}
