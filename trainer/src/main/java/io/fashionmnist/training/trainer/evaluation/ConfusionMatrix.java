package io.fashionmnist.training.trainer.evaluation;

import java.util.Arrays;
import java.util.List;

/** How often each true class (row) was predicted as each class (column). */
public final class ConfusionMatrix {
  private final int[][] counts;

  private ConfusionMatrix(int[][] counts) {
    this.counts = counts;
  }

  /**
   * Counts predictions.
   *
   * @param classes number of classes
   * @param truth the true class of each image
   * @param predicted the predicted class of each image
   */
  public static ConfusionMatrix of(int classes, int[] truth, int[] predicted) {
    int[][] counts = new int[classes][classes];
    for (int i = 0; i < truth.length; i++) {
      counts[truth[i]][predicted[i]]++;
    }
    return new ConfusionMatrix(counts);
  }

  public int classes() {
    return counts.length;
  }

  /** Images of class {@code truth} predicted as class {@code predicted}. */
  public int count(int truth, int predicted) {
    return counts[truth][predicted];
  }

  /** Number of images. */
  public int total() {
    return Arrays.stream(counts).flatMapToInt(Arrays::stream).sum();
  }

  /** Share of the images on the diagonal. */
  public double accuracy() {
    int right = 0;
    for (int c = 0; c < counts.length; c++) {
      right += counts[c][c];
    }
    return (double) right / total();
  }

  /** The counts, row by row. */
  public List<List<Integer>> rows() {
    return Arrays.stream(counts).map(row -> Arrays.stream(row).boxed().toList()).toList();
  }
}
