package io.fashionmnist.training.trainer.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.evaluation.Calibration;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;

/**
 * The numbers that the page's script draws, column by column; null where there is none.
 *
 * @param best the best epoch
 * @param resumed the first epoch after a continuation
 * @param binAccuracy of each of the calibration's bins; null without a test
 */
record ChartData(
    List<Integer> epochs,
    List<Double> loss,
    List<Double> validationLoss,
    List<Double> accuracy,
    List<Double> validationAccuracy,
    List<Double> learningRate,
    List<Double> imagesPerSecond,
    Integer best,
    Integer resumed,
    List<Double> binAccuracy) {

  static ChartData of(RunSummary run, History history) {
    return new ChartData(
        column(history, EpochMetrics::epoch),
        column(history, EpochMetrics::loss),
        column(history, EpochMetrics::validationLoss),
        column(history, EpochMetrics::accuracy),
        column(history, EpochMetrics::validationAccuracy),
        column(history, EpochMetrics::learningRate),
        column(history, EpochMetrics::imagesPerSecond),
        run.best().map(EpochMetrics::epoch).orElse(null),
        run.resumed().map(RunSummary.Resumption::epoch).orElse(null),
        run.test().map(test -> binAccuracy(test.evaluation().calibration())).orElse(null));
  }

  /** As the content of a script element, which no text in it can end. */
  String json() {
    try {
      return new ObjectMapper().writeValueAsString(this).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> List<T> column(History history, Function<EpochMetrics, T> value) {
    // Not toList's sibling List.of: a metric that is no number is null.
    return history.shown().stream().map(value).toList();
  }

  private static List<Double> binAccuracy(Calibration calibration) {
    return calibration.bins().stream()
        .map(bin -> bin.images() == 0 ? null : (Double) bin.accuracy())
        .toList();
  }
}
