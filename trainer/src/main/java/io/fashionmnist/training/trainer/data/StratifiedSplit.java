package io.fashionmnist.training.trainer.data;

import io.fashionmnist.training.trainer.BadInputException;
import java.util.Arrays;

/**
 * Images held out for validation and the rest, with the same share of every class held out.
 *
 * @param training indices of the images to train on, ascending
 * @param validation indices of the images held out, ascending
 */
public record StratifiedSplit(int[] training, int[] validation) {

  /**
   * Splits at random, the same way for the same seed. Each class's number of validation images is
   * within one of its exact share, and every class with images has at least one on both sides; as
   * far as that allows, {@code round(validationFraction * labels.length)} are held out in all.
   *
   * @param labels the class of each image, below {@code classes}
   * @param validationFraction between 0 and 1, both excluded
   * @throws BadInputException naming a class that has a single image
   */
  public static StratifiedSplit of(
      short[] labels, int classes, double validationFraction, long seed) {
    if (!(validationFraction > 0 && validationFraction < 1)) {
      throw new IllegalArgumentException("validationFraction " + validationFraction);
    }
    int[][] byClass = byClass(labels, classes);
    int[] heldOut = heldOut(byClass, validationFraction, labels.length);
    int validationCount = Arrays.stream(heldOut).sum();
    int[] validation = new int[validationCount];
    int[] training = new int[labels.length - validationCount];
    int v = 0;
    int t = 0;
    for (int c = 0; c < classes; c++) {
      int[] images = byClass[c];
      new KeyedRandom(KeyedRandom.Purpose.SPLIT, seed, 0, c).shuffle(images);
      System.arraycopy(images, 0, validation, v, heldOut[c]);
      System.arraycopy(images, heldOut[c], training, t, images.length - heldOut[c]);
      v += heldOut[c];
      t += images.length - heldOut[c];
    }
    Arrays.sort(validation);
    Arrays.sort(training);
    return new StratifiedSplit(training, validation);
  }

  private static int[][] byClass(short[] labels, int classes) {
    int[] counts = new int[classes];
    for (short label : labels) {
      counts[label]++;
    }
    int[][] byClass = new int[classes][];
    for (int c = 0; c < classes; c++) {
      if (counts[c] == 1) {
        throw new BadInputException(
            "class %d has a single training image, but one is needed to train and one to validate;"
                    .formatted(c)
                + " add images of it or leave it out");
      }
      byClass[c] = new int[counts[c]];
    }
    int[] filled = new int[classes];
    for (int i = 0; i < labels.length; i++) {
      int c = labels[i];
      byClass[c][filled[c]++] = i;
    }
    return byClass;
  }

  /** Largest remainder, from the fewest that each class may hold out up to the total wanted. */
  private static int[] heldOut(int[][] byClass, double fraction, int images) {
    int[] heldOut = new int[byClass.length];
    int[] most = new int[byClass.length];
    long missing = Math.round(fraction * images);
    for (int c = 0; c < byClass.length; c++) {
      int count = byClass[c].length;
      if (count > 0) {
        double share = fraction * count;
        heldOut[c] = Math.max(1, (int) Math.ceil(share - 1));
        most[c] = Math.min(count - 1, (int) Math.floor(share + 1));
        missing -= heldOut[c];
      }
    }
    for (; missing > 0; missing--) {
      int furthest = -1;
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < byClass.length; c++) {
        double remainder = fraction * byClass[c].length - heldOut[c];
        if (heldOut[c] < most[c] && remainder > largest) {
          furthest = c;
          largest = remainder;
        }
      }
      if (furthest < 0) {
        return heldOut;
      }
      heldOut[furthest]++;
    }
    return heldOut;
  }
}
