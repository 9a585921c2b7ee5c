package io.fashionmnist.training.trainer.evaluation;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether predictions are right as often as their probabilities say: images in bins by the
 * probability of what was predicted, as Guo et al., "On Calibration of Modern Neural Networks"
 * (2017), have it.
 *
 * @param bins {@value #BINS} of equal width, from 0 to 1; each without its lower end
 */
public record Calibration(List<Bin> bins) {
  public static final int BINS = 15;

  /**
   * @param images images whose prediction has a probability in this bin
   * @param right those of them that were classified rightly
   * @param probabilities sum of the predictions' probabilities
   */
  public record Bin(int images, int right, double probabilities) {

    /** Share classified rightly; NaN without images. */
    public double accuracy() {
      return (double) right / images;
    }

    /** Mean probability of the predictions; NaN without images. */
    public double confidence() {
      return probabilities / images;
    }

    Bin plus(Bin other) {
      return new Bin(
          images + other.images, right + other.right, probabilities + other.probabilities);
    }
  }

  public Calibration {
    bins = List.copyOf(bins);
  }

  /** Before the first image. */
  public static Calibration ofNothing() {
    return new Calibration(IntStream.range(0, BINS).mapToObj(_ -> new Bin(0, 0, 0)).toList());
  }

  /**
   * Sorts predictions into bins.
   *
   * @param probabilities of what was predicted, one an image
   * @param right whether that was right
   */
  public static Calibration of(double[] probabilities, boolean[] right) {
    int[] images = new int[BINS];
    int[] rights = new int[BINS];
    double[] sums = new double[BINS];
    for (int i = 0; i < probabilities.length; i++) {
      int bin = Math.clamp((long) Math.ceil(probabilities[i] * BINS) - 1, 0, BINS - 1);
      images[bin]++;
      rights[bin] += right[i] ? 1 : 0;
      sums[bin] += probabilities[i];
    }
    return new Calibration(
        IntStream.range(0, BINS)
            .mapToObj(bin -> new Bin(images[bin], rights[bin], sums[bin]))
            .toList());
  }

  /** Of both sets of images. */
  Calibration plus(Calibration other) {
    return new Calibration(
        IntStream.range(0, BINS).mapToObj(i -> bins.get(i).plus(other.bins.get(i))).toList());
  }

  /** Number of images. */
  public int images() {
    return bins.stream().mapToInt(Bin::images).sum();
  }

  /** Mean probability of the predictions; NaN without images. */
  public double confidence() {
    return bins.stream().mapToDouble(Bin::probabilities).sum() / images();
  }

  /**
   * Expected calibration error: how far the bins' probabilities are from their accuracies, weighted
   * by their images; from 0 to 1, NaN without images.
   */
  public double expectedError() {
    double sum = 0;
    for (Bin bin : bins) {
      sum += Math.abs(bin.right() - bin.probabilities());
    }
    return sum / images();
  }
}
