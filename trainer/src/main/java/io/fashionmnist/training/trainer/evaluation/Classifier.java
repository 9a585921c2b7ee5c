package io.fashionmnist.training.trainer.evaluation;

/** Whatever tells classes from pixels. Safe for use by several threads at once. */
public interface Classifier {

  /**
   * Classifies images.
   *
   * @param pixels image after image, one byte a pixel; may be longer than {@code count} images
   * @param count number of images
   * @return {@code count} rows of {@link #classes()} logits
   */
  float[] logits(byte[] pixels, int count);

  /** Number of classes. */
  int classes();
}
