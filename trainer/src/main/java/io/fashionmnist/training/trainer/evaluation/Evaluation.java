package io.fashionmnist.training.trainer.evaluation;

/**
 * A model on a set of images.
 *
 * @param loss mean cross-entropy, in nats
 * @param confusion true classes against predicted ones
 */
public record Evaluation(double loss, ConfusionMatrix confusion) {

  /** Share of the images classified rightly. */
  public double accuracy() {
    return confusion.accuracy();
  }
}
