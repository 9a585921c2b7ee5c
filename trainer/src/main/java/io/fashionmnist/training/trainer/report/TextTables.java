package io.fashionmnist.training.trainer.report;

import io.fashionmnist.training.api.training.ClassMetrics;
import io.fashionmnist.training.api.training.CompactReport;
import io.fashionmnist.training.api.training.TestMetrics;
import io.fashionmnist.training.trainer.evaluation.ClassificationReport;
import io.fashionmnist.training.trainer.evaluation.ConfusionMatrix;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import java.util.List;
import java.util.Locale;

/** A test's result as plain text: metrics by class, and the confusion matrix. */
final class TextTables {
  private static final int LONGEST_NAME = 24;

  private final List<String> classNames;
  private final int columns;

  /**
   * @param columns how wide a line may be; a matrix that is wider is left out
   */
  TextTables(List<String> classNames, int columns) {
    this.classNames = classNames;
    this.columns = columns;
  }

  /** The metrics of every class, or of the worst of many, and the matrix. */
  String of(Evaluation evaluation) {
    ClassificationReport report = ClassificationReport.of(evaluation, classNames);
    String matrix = matrix(evaluation.confusion());
    boolean fits = matrix.lines().allMatch(line -> line.length() <= columns);
    return metrics(report)
        + System.lineSeparator()
        + (fits ? matrix : "The confusion matrix is in the report.%n".formatted());
  }

  private String metrics(ClassificationReport report) {
    int width = nameWidth();
    StringBuilder text = new StringBuilder();
    boolean all = classNames.size() <= CompactReport.MAXIMUM_CLASSES;
    text.append(row(width, all ? "" : "worst classes", "precision", "recall", "F1", "images"));
    for (ClassMetrics metrics :
        all
            ? report.perClass()
            : CompactReport.worst(report.perClass(), CompactReport.WORST_CLASSES)) {
      text.append(
          row(
              width,
              metrics.name(),
              number(metrics.precision()),
              number(metrics.recall()),
              number(metrics.f1Score()),
              "" + metrics.support()));
    }
    text.append(average(width, "macro average", report.test().macro(), report.test().images()));
    text.append(
        average(width, "weighted average", report.test().weighted(), report.test().images()));
    return text.toString();
  }

  private static String average(int width, String name, TestMetrics.Average average, int images) {
    return row(
        width,
        name,
        number(average.precision()),
        number(average.recall()),
        number(average.f1Score()),
        "" + images);
  }

  private static String row(
      int width, String name, String precision, String recall, String f1, String images) {
    return format(
        "%-" + width + "s %9s %9s %9s %9s%n", cut(name, width), precision, recall, f1, images);
  }

  /** True classes down, predicted ones across, by their numbers; a dot for none. */
  private String matrix(ConfusionMatrix confusion) {
    int width = nameWidth();
    int label = String.valueOf(confusion.classes() - 1).length();
    int cell = Math.max(5, String.valueOf(confusion.total()).length() + 1);
    StringBuilder text = new StringBuilder();
    text.append(format("%-" + (label + 1 + width) + "s", "true \\ predicted"));
    for (int c = 0; c < confusion.classes(); c++) {
      text.append(format("%" + cell + "d", c));
    }
    text.append(System.lineSeparator());
    for (int truth = 0; truth < confusion.classes(); truth++) {
      String name = cut(classNames.get(truth), width);
      text.append(format("%" + label + "d %-" + width + "s", truth, name));
      for (int predicted = 0; predicted < confusion.classes(); predicted++) {
        int count = confusion.count(truth, predicted);
        text.append(format("%" + cell + "s", count == 0 ? "·" : "" + count));
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  private int nameWidth() {
    int longest = classNames.stream().mapToInt(String::length).max().orElse(0);
    return Math.max("true \\ predicted".length(), Math.min(LONGEST_NAME, longest));
  }

  private static String cut(String name, int width) {
    return name.length() <= width ? name : name.substring(0, width);
  }

  private static String number(Double metric) {
    return metric == null ? "-" : format("%.4f", metric);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
