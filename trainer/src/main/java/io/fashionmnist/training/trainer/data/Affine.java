package io.fashionmnist.training.trainer.data;

/**
 * Where each pixel of a changed image comes from: output column x and row y read the source at
 * column {@code xx*x + xy*y + x0} and row {@code yx*x + yy*y + y0}.
 *
 * <p>The first six numbers of a projective transform of TensorFlow's {@code
 * ImageProjectiveTransformV3}, whose last two are 0 here.
 */
public record Affine(float xx, float xy, float x0, float yx, float yy, float y0) {
  static final Affine IDENTITY = new Affine(1, 0, 0, 0, 1, 0);

  /** Takes -0 for 0, or what changes nothing would not equal the identity. */
  public Affine {
    xx += 0f;
    xy += 0f;
    x0 += 0f;
    yx += 0f;
    yy += 0f;
    y0 += 0f;
  }
}
