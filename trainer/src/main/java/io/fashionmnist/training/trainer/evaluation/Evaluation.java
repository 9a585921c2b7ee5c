package io.fashionmnist.training.trainer.evaluation;

import java.util.List;

/**
 * A model on a set of images.
 *
 * @param loss mean cross-entropy, in nats
 * @param confusion true classes against predicted ones
 * @param calibration whether the predictions' probabilities can be believed
 * @param worstMistakes the mistakes that the model was surest of, the worst first; at most {@value
 *     #WORST_MISTAKES}
 */
public record Evaluation(
    double loss, ConfusionMatrix confusion, Calibration calibration, List<Mistake> worstMistakes) {
  /** How many mistakes are kept, however many images there are. */
  public static final int WORST_MISTAKES = 24;

  public Evaluation {
    worstMistakes = List.copyOf(worstMistakes);
  }

  /** Share of the images classified rightly. */
  public double accuracy() {
    return confusion.accuracy();
  }
}
