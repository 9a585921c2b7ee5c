package io.fashionmnist.training.trainer.data;

import java.util.List;

/**
 * What is trained on and what is tested on.
 *
 * @param classNames the name of every class, by its number
 * @param digest SHA-256, in hexadecimal, equal for equal data, however it was packed: over, for the
 *     training and then the test images, their number, height and width (big-endian 32-bit), the
 *     SHA-256 of the pixels and the SHA-256 of the labels (big-endian 16-bit)
 */
public record Dataset(ImageSet train, ImageSet test, List<String> classNames, String digest) {
  public Dataset {
    classNames = List.copyOf(classNames);
  }

  /** Number of classes. */
  public int classes() {
    return classNames.size();
  }
}
