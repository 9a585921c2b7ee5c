package io.fashionmnist.training.trainer.data;

import io.fashionmnist.training.trainer.BadInputException;

/**
 * How the images of an epoch are cut into batches: full ones, then the rest. A rest of fewer than
 * two images per tower joins the batch before it, so that every tower always gets images to take
 * statistics over.
 *
 * @param images number of training images
 * @param batchSize images per full batch
 * @param towers parts that a batch is cut into, at most {@code batchSize}
 */
public record BatchPlan(int images, int batchSize, int towers) {

  /**
   * @throws BadInputException if a batch is larger than the data
   */
  public BatchPlan {
    if (towers < 1 || batchSize < towers) {
      throw new IllegalArgumentException(
          "batches of %d images for %d towers".formatted(batchSize, towers));
    }
    if (batchSize > images) {
      throw new BadInputException(
          "batchSize is %,d but there are only %,d training images; choose at most %,d"
              .formatted(batchSize, images, images));
    }
  }

  /** Batches in an epoch. */
  public int stepsPerEpoch() {
    return images / batchSize + (rest() > 0 && !restJoins() ? 1 : 0);
  }

  /** Where a step's batch starts in the order of the epoch. */
  public int offset(int step) {
    if (step < 0 || step >= stepsPerEpoch()) {
      throw new IndexOutOfBoundsException(
          "step %d of %d in an epoch".formatted(step, stepsPerEpoch()));
    }
    return step * batchSize;
  }

  /** Images in a step's batch, steps counting from 0. */
  public int size(int step) {
    int offset = offset(step);
    return step == stepsPerEpoch() - 1 ? images - offset : batchSize;
  }

  /** Images in the largest batch. */
  public int largestSize() {
    return restJoins() ? batchSize + rest() : batchSize;
  }

  private int rest() {
    return images % batchSize;
  }

  private boolean restJoins() {
    return rest() < 2 * towers;
  }
}
