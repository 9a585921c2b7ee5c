package io.fashionmnist.training.trainer.evaluation;

import java.util.Comparator;

/**
 * An image classified wrongly.
 *
 * @param image its index in the set
 * @param truth its class
 * @param predicted the class that it was taken for
 * @param probability of the predicted class, as the model has it
 * @param probabilityOfTruth of the image's own class
 */
public record Mistake(
    int image, int truth, int predicted, double probability, double probabilityOfTruth) {

  /** The surer the model was, the worse; among equals the first image. */
  static final Comparator<Mistake> WORST_FIRST =
      Comparator.comparingDouble(Mistake::probability).reversed().thenComparingInt(Mistake::image);
}
