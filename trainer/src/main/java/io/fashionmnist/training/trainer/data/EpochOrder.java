package io.fashionmnist.training.trainer.data;

/** The order in which an epoch goes through the training images. */
public final class EpochOrder {
  private EpochOrder() {}

  /**
   * A random order, the same on every machine.
   *
   * @param indices the images, left as they are
   * @param epoch from 0
   * @return the images in this epoch's order
   */
  public static int[] of(int[] indices, long seed, int epoch) {
    int[] order = indices.clone();
    new KeyedRandom(KeyedRandom.Purpose.ORDER, seed, epoch, 0).shuffle(order);
    return order;
  }
}
