package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import java.util.List;

/**
 * What a finished training run leaves behind.
 *
 * @param history every epoch, in order
 * @param best the epoch whose weights the model has
 * @param test the model on the test images
 * @param modelUri the SavedModel
 * @param reportUri the report for programs
 * @param pageUri the report for people
 * @param seconds time in this process, from the building of the network to the end
 */
public record TrainingResult(
    List<EpochMetrics> history,
    EpochMetrics best,
    Evaluation test,
    String modelUri,
    String reportUri,
    String pageUri,
    double seconds) {
  public TrainingResult {
    history = List.copyOf(history);
  }
}
