package io.fashionmnist.training.trainer.evaluation;

import io.fashionmnist.training.api.training.ClassMetrics;
import io.fashionmnist.training.api.training.TestMetrics;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The metrics that follow from an evaluation, as scikit-learn's {@code
 * precision_recall_fscore_support} defines them.
 *
 * <p>A class's precision is undefined when nothing was predicted as it, its recall when it has no
 * images, its F1 when both hold; what is undefined is absent, and counts as 0 in the averages
 * ({@code zero_division=0}).
 *
 * @param test metrics over all classes
 * @param perClass metrics of every class, by its number
 * @param confusion what they were computed from
 */
public record ClassificationReport(
    TestMetrics test, List<ClassMetrics> perClass, ConfusionMatrix confusion) {

  public ClassificationReport {
    perClass = List.copyOf(perClass);
  }

  /**
   * Computes the metrics.
   *
   * @param classNames the name of every class, by its number
   */
  public static ClassificationReport of(Evaluation evaluation, List<String> classNames) {
    ConfusionMatrix confusion = evaluation.confusion();
    List<ClassCounts> counts =
        IntStream.range(0, confusion.classes())
            .mapToObj(c -> ClassCounts.of(confusion, c))
            .toList();
    TestMetrics test =
        new TestMetrics(
            confusion.total(),
            evaluation.loss(),
            evaluation.accuracy(),
            average(counts, ignored -> 1),
            average(counts, ClassCounts::support));
    List<ClassMetrics> perClass =
        IntStream.range(0, counts.size())
            .mapToObj(c -> counts.get(c).metrics(c, classNames.get(c)))
            .toList();
    return new ClassificationReport(test, perClass, confusion);
  }

  private static TestMetrics.Average average(
      List<ClassCounts> counts, ToDoubleFunction<ClassCounts> weight) {
    return new TestMetrics.Average(
        average(counts, weight, ClassCounts::precision),
        average(counts, weight, ClassCounts::recall),
        average(counts, weight, ClassCounts::f1Score));
  }

  private static double average(
      List<ClassCounts> counts,
      ToDoubleFunction<ClassCounts> weight,
      ToDoubleFunction<ClassCounts> metric) {
    double sum = 0;
    double weights = 0;
    for (ClassCounts c : counts) {
      double value = metric.applyAsDouble(c);
      sum += Double.isNaN(value) ? 0 : weight.applyAsDouble(c) * value;
      weights += weight.applyAsDouble(c);
    }
    return sum / weights;
  }

  /**
   * How often one class was right and wrong. Metrics are NaN where undefined.
   *
   * @param right images of the class predicted as it
   * @param predicted images predicted as the class
   * @param support images of the class
   */
  private record ClassCounts(int right, int predicted, int support) {

    static ClassCounts of(ConfusionMatrix confusion, int c) {

      int predicted =
          IntStream.range(0, confusion.classes()).map(truth -> confusion.count(truth, c)).sum();
      int support =
          IntStream.range(0, confusion.classes()).map(other -> confusion.count(c, other)).sum();
      return new ClassCounts(confusion.count(c, c), predicted, support);
    }

    double precision() {
      return (double) right / predicted;
    }

    double recall() {
      return (double) right / support;
    }

    double f1Score() {
      return 2.0 * right / (predicted + support);
    }

    ClassMetrics metrics(int label, String name) {
      return new ClassMetrics(label, name, precision(), recall(), f1Score(), support);
    }
  }
}
