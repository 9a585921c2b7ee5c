package io.fashionmnist.training.trainer.page;

import io.fashionmnist.training.trainer.evaluation.Calibration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Whether the probabilities can be believed. */
record CalibrationTable(String expectedError, String judgement, List<Row> rows) {
  /** Closer than this, one would not say that the model is sure of itself or not. */
  private static final double LEVEL = 0.005;

  static CalibrationTable of(Calibration calibration, double accuracy) {
    double tooSure = calibration.confidence() - accuracy;
    String judgement =
        Math.abs(tooSure) < LEVEL
            ? "as sure as it is right"
            : tooSure > 0 ? "surer than it is right" : "less sure than it is right";
    return new CalibrationTable(
        Figures.percent(calibration.expectedError()),
        "On average the model gives its predictions a probability of %s and %s are right: it is %s."
            .formatted(
                Figures.percent(calibration.confidence()), Figures.percent(accuracy), judgement),
        IntStream.range(0, Calibration.BINS)
            .mapToObj(bin -> row(bin, calibration.bins().get(bin), calibration.images()))
            .toList());
  }

  private static Row row(int number, Calibration.Bin bin, int images) {
    return new Row(
        String.format(
            Locale.ROOT,
            "%.0f–%.0f%%",
            100.0 * number / Calibration.BINS,
            100.0 * (number + 1) / Calibration.BINS),
        Figures.count(bin.images()),
        Figures.percent((double) bin.images() / images),
        Figures.percent(bin.confidence()),
        Figures.percent(bin.accuracy()));
  }

  /**
   * @param share of all images
   */
  record Row(String range, String images, String share, String confidence, String accuracy) {}
}
