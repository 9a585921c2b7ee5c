package io.fashionmnist.training.trainer.data;

import io.fashionmnist.training.api.training.AugmentationConfig;

/**
 * Random affine changes of training images, as Keras's {@code ImageDataGenerator} makes them: one
 * map from output to source coordinates about the image's centre, rotation after shift after shear
 * after zoom after mirroring, read bilinearly; what lies outside repeats the edge.
 *
 * <p>With rotation by t, shift (a, b), shear by s and zoom (p, q), each drawn evenly, the source of
 * an output point (x, y), both from the centre and x mirrored or not, is
 *
 * <pre>
 * | cos t  -sin t |   ( | 1  -sin s | | p  0 | | x |   | a | )
 * | sin t   cos t | * ( | 0   cos s | | 0  q | | y | + | b | )
 * </pre>
 *
 * <p>An instance has no state and serves many threads.
 */
public final class AffineAugmentation {
  /** Coordinates are fixed-point numbers with so many binary places. */
  private static final int PLACES = 32;

  /** Bits of a bilinear weight: a byte times two weights fits 31 bits. */
  private static final int WEIGHT_BITS = 11;

  private static final int ONE = 1 << WEIGHT_BITS;
  private static final long HALF_WEIGHT = 1L << (PLACES - WEIGHT_BITS - 1);
  private static final int HALF_PRODUCT = 1 << (2 * WEIGHT_BITS - 1);

  private final AugmentationConfig config;
  private final int height;
  private final int width;

  /**
   * Changes for images of one size.
   *
   * @param height rows
   * @param width columns
   */
  public AffineAugmentation(AugmentationConfig config, int height, int width) {
    this.config = config;
    this.height = height;
    this.width = width;
  }

  /** Draws the change of one image: a function of the arguments alone. */
  public Affine draw(long seed, int epoch, int image) {
    KeyedRandom random = new KeyedRandom(KeyedRandom.Purpose.AUGMENTATION, seed, epoch, image);
    double rotation = Math.toRadians(random.nextEitherWay(config.rotationDegrees()));
    double shiftX = random.nextEitherWay(config.widthShift()) * width;
    double shiftY = random.nextEitherWay(config.heightShift()) * height;
    double shear = random.nextEitherWay(config.shear());
    double zoomX = 1 + random.nextEitherWay(config.zoom());
    double zoomY = 1 + random.nextEitherWay(config.zoom());
    boolean flip = random.nextBoolean() && config.horizontalFlip();
    return compose(rotation, shiftX, shiftY, shear, zoomX, zoomY, flip);
  }

  /** Composes a change; angles in radians, shifts in pixels. */
  Affine compose(
      double rotation,
      double shiftX,
      double shiftY,
      double shear,
      double zoomX,
      double zoomY,
      boolean flip) {
    // StrictMath: the last bit must not depend on the machine either.
    double cos = StrictMath.cos(rotation);
    double sin = StrictMath.sin(rotation);
    double shearX = -StrictMath.sin(shear);
    double shearY = StrictMath.cos(shear);
    double xx = cos * zoomX * (flip ? -1 : 1);
    double yx = sin * zoomX * (flip ? -1 : 1);
    double xy = (cos * shearX - sin * shearY) * zoomY;
    double yy = (sin * shearX + cos * shearY) * zoomY;
    double centreX = (width - 1) / 2.0;
    double centreY = (height - 1) / 2.0;
    double x0 = centreX + cos * shiftX - sin * shiftY - xx * centreX - xy * centreY;
    double y0 = centreY + sin * shiftX + cos * shiftY - yx * centreX - yy * centreY;
    return new Affine((float) xx, (float) xy, (float) x0, (float) yx, (float) yy, (float) y0);
  }

  /**
   * Changes one image, to the nearest byte.
   *
   * @param source holds the image from {@code sourceOffset} on, row after row
   * @param target another array; takes the changed image from {@code targetOffset} on
   */
  public void apply(
      byte[] source, int sourceOffset, byte[] target, int targetOffset, Affine affine) {
    if (affine.equals(Affine.IDENTITY)) {
      System.arraycopy(source, sourceOffset, target, targetOffset, height * width);
      return;
    }
    // The last place before the edge, so that the neighbour to read always exists.
    long lastX = Math.max(0, ((long) (width - 1) << PLACES) - 1);
    long lastY = Math.max(0, ((long) (height - 1) << PLACES) - 1);
    int right = width > 1 ? 1 : 0;
    int below = height > 1 ? width : 0;
    long stepX = fixed(affine.xx());
    long stepY = fixed(affine.yx());
    int out = targetOffset;
    for (int row = 0; row < height; row++) {
      long x = fixed(affine.xy() * (double) row + affine.x0()) + HALF_WEIGHT;
      long y = fixed(affine.yy() * (double) row + affine.y0()) + HALF_WEIGHT;
      for (int column = 0; column < width; column++, x += stepX, y += stepY) {
        long inX = Math.clamp(x, 0, lastX);
        long inY = Math.clamp(y, 0, lastY);
        int weightX = weight(inX);
        int weightY = weight(inY);
        int at = sourceOffset + (int) (inY >> PLACES) * width + (int) (inX >> PLACES);
        int upper = (source[at] & 0xff) * (ONE - weightX) + (source[at + right] & 0xff) * weightX;
        int lower =
            (source[at + below] & 0xff) * (ONE - weightX)
                + (source[at + below + right] & 0xff) * weightX;
        int value = upper * (ONE - weightY) + lower * weightY;
        target[out++] = (byte) ((value + HALF_PRODUCT) >> (2 * WEIGHT_BITS));
      }
    }
  }

  private static long fixed(double value) {
    return Math.round(value * (1L << PLACES));
  }

  private static int weight(long coordinate) {
    return (int) (coordinate >> (PLACES - WEIGHT_BITS)) & (ONE - 1);
  }
}
