package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.training.TrainingReport;
import java.util.Optional;

/** A trainer's last word. Pure. */
final class FinalReport {
  private FinalReport() {}

  /**
   * What the trainer of an attempt has said at its end, unless the status has its test results.
   * Those of an earlier attempt are none of this one's.
   *
   * @param known what the status has
   * @param last what the trainer has said at its end
   */
  static Optional<TrainingReport> missed(
      Optional<TrainingReport> known, int attempt, Optional<TrainingReport> last) {
    boolean told =
        known.filter(report -> report.test() != null && isOf(attempt, report)).isPresent();
    return told ? Optional.empty() : last.filter(report -> isOf(attempt, report));
  }

  /** A trainer of one's own need not know its attempt's number. */
  private static boolean isOf(int attempt, TrainingReport report) {
    return report.attempt() == null || report.attempt() == attempt;
  }
}
