package io.fashionmnist.training.trainer.page;

import io.fashionmnist.training.api.training.ClassMetrics;
import io.fashionmnist.training.api.training.CompactReport;
import java.util.List;
import java.util.Optional;

/**
 * The classes' metrics: of few classes all, in their order; of many the worst, the worst first.
 *
 * @param rows one a class
 * @param note what is left out, if anything is
 */
record ClassTable(List<Row> rows, Optional<String> note) {

  static ClassTable of(List<ClassMetrics> perClass) {
    if (perClass.size() <= CompactReport.MAXIMUM_CLASSES) {
      return new ClassTable(perClass.stream().map(Row::of).toList(), Optional.empty());
    }
    return new ClassTable(
        CompactReport.worst(perClass, CompactReport.MAXIMUM_CLASSES).stream().map(Row::of).toList(),
        Optional.of(
            "The %d of %s classes with the lowest F1; report.json has them all."
                .formatted(CompactReport.MAXIMUM_CLASSES, Figures.count(perClass.size()))));
  }

  record Row(int label, String name, Bar precision, Bar recall, Bar f1Score, String support) {
    static Row of(ClassMetrics metrics) {
      return new Row(
          metrics.label(),
          metrics.name(),
          Bar.of(metrics.precision()),
          Bar.of(metrics.recall()),
          Bar.of(metrics.f1Score()),
          Figures.count(metrics.support()));
    }
  }

  /**
   * @param width share of the full width, for CSS
   */
  record Bar(String text, String width) {
    static Bar of(Double share) {
      return new Bar(Figures.percent(share), Figures.percent(share == null ? 0 : share));
    }
  }
}
