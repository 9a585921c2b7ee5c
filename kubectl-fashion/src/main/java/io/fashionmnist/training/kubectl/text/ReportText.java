package io.fashionmnist.training.kubectl.text;

import io.fashionmnist.training.api.training.ClassMetrics;
import io.fashionmnist.training.api.training.TestMetrics;
import io.fashionmnist.training.api.training.TrainingReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A training's result, as text. Pure. */
public final class ReportText {
  private ReportText() {}

  /** Accuracy, and the metrics of every class that the status has. */
  public static List<String> lines(TrainingReport report, Screen screen) {
    List<String> lines = new ArrayList<>();
    TestMetrics test = report.test();
    if (test == null) {
      lines.add(
          "Not tested yet: epoch %s of %s"
              .formatted(
                  Optional.ofNullable(report.epoch()).map(String::valueOf).orElse("?"),
                  Optional.ofNullable(report.epochs()).map(String::valueOf).orElse("?")));
      return lines;
    }
    lines.add(
        screen.in(
            Screen.Colour.BOLD,
            "Test accuracy %s, loss %s, on %s images"
                .formatted(number(test.accuracy()), number(test.loss()), test.images())));
    List<ClassMetrics> classes = Optional.ofNullable(report.perClass()).orElse(List.of());
    if (!classes.isEmpty()) {
      lines.add("");
      Table table = new Table("CLASS", ">PRECISION", ">RECALL", ">F1", ">IMAGES");
      classes.forEach(
          each ->
              table.row(
                  each.name(),
                  number(each.precision()),
                  number(each.recall()),
                  number(each.f1Score()),
                  "" + each.support()));
      average(table, "macro average", test.macro(), test.images());
      average(table, "weighted average", test.weighted(), test.images());
      lines.addAll(table.lines(screen, ""));
    }
    return lines;
  }

  private static void average(
      Table table, String name, TestMetrics.Average average, Integer images) {
    if (average != null) {
      table.row(
          name,
          number(average.precision()),
          number(average.recall()),
          number(average.f1Score()),
          "" + images);
    }
  }

  static String number(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }
}
