package io.fashionmnist.training.api.training;

import io.fashionmnist.training.api.training.TrainingReport.EpochSummary;
import java.util.Comparator;
import java.util.List;

/**
 * The report in the size that fits into a resource: {@code report.json} has every class and the
 * whole confusion matrix, {@code status.training}, the progress POST and the termination message
 * have them only up to {@value #MAXIMUM_CLASSES} classes, and no curve of more points than this
 * project's trainer writes.
 */
public final class CompactReport {
  /** Above so many classes only the worst are told, and no matrix. */
  public static final int MAXIMUM_CLASSES = 32;

  /** How many of the worst classes are told. */
  public static final int WORST_CLASSES = 10;

  private CompactReport() {}

  /** Leaves out what is too much for a resource; a report of few classes stays as it is. */
  public static TrainingReport of(TrainingReport report) {
    TrainingReport compact = longCurve(report) ? withoutCurve(report) : report;
    boolean many = large(report.perClass());
    return many || large(report.confusionMatrix())
        ? with(compact, many ? worst(report.perClass(), WORST_CLASSES) : report.perClass(), null)
        : compact;
  }

  private static boolean large(List<?> classes) {
    return classes != null && classes.size() > MAXIMUM_CLASSES;
  }

  private static boolean longCurve(TrainingReport report) {
    return report.metrics() != null
        && report.metrics().curve() != null
        && report.metrics().curve().size() > CurvePoint.MOST;
  }

  /**
   * The classes with the lowest F1, the worst first; a class without images and predictions has no
   * F1 and comes last.
   */
  public static List<ClassMetrics> worst(List<ClassMetrics> perClass, int count) {
    return perClass.stream()
        .sorted(
            Comparator.comparing(
                    ClassMetrics::f1Score, Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(ClassMetrics::label))
        .limit(count)
        .toList();
  }

  /**
   * A report with other details.
   *
   * @param perClass the classes to tell, or null for none
   * @param confusionMatrix the matrix to tell, or null for none
   */
  public static TrainingReport with(
      TrainingReport report, List<ClassMetrics> perClass, List<List<Integer>> confusionMatrix) {
    return with(report, report.metrics(), perClass, confusionMatrix);
  }

  /** A report of the last and the best epoch alone. */
  public static TrainingReport withoutCurve(TrainingReport report) {
    EpochSummary metrics = report.metrics();
    return metrics == null
        ? report
        : with(
            report,
            new EpochSummary(metrics.last(), metrics.best(), null),
            report.perClass(),
            report.confusionMatrix());
  }

  private static TrainingReport with(
      TrainingReport report,
      EpochSummary metrics,
      List<ClassMetrics> perClass,
      List<List<Integer>> confusionMatrix) {
    return new TrainingReport(
        report.attempt(),
        report.epoch(),
        report.epochs(),
        report.progressPercentage(),
        report.estimatedRemainingSeconds(),
        metrics,
        report.test(),
        perClass,
        confusionMatrix,
        report.lastUpdatedTime());
  }
}
