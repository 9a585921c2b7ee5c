package io.fashionmnist.training.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.training.TestMetrics;
import io.fashionmnist.training.api.training.TrainingReport;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FinalReportTest {
  private static final Optional<TrainingReport> LAST = Optional.of(report(2, true));

  @Test
  void whatThePostsHaveToldIsNotToldAgain() {
    assertThat(FinalReport.missed(Optional.of(report(2, true)), 2, LAST)).isEmpty();
    assertThat(FinalReport.missed(Optional.of(report(null, true)), 2, LAST)).isEmpty();
  }

  @Test
  void aLostLastPostIsMadeUpFor() {
    assertThat(FinalReport.missed(Optional.empty(), 2, LAST)).isEqualTo(LAST);
    assertThat(FinalReport.missed(Optional.of(report(2, false)), 2, LAST)).isEqualTo(LAST);
    assertThat(FinalReport.missed(Optional.empty(), 2, Optional.empty())).isEmpty();
  }

  @Test
  void theResultsOfAnEarlierAttemptAreNotThisOnes() {
    assertThat(FinalReport.missed(Optional.of(report(1, true)), 2, LAST)).isEqualTo(LAST);
  }

  @Test
  void aLastWordOfAnotherAttemptIsNotThisOnes() {
    assertThat(FinalReport.missed(Optional.empty(), 3, LAST)).isEmpty();
  }

  @Test
  void aTrainerNeedNotKnowItsAttempt() {
    Optional<TrainingReport> last = Optional.of(report(null, true));
    assertThat(FinalReport.missed(Optional.empty(), 2, last)).isEqualTo(last);
  }

  private static TrainingReport report(Integer attempt, boolean tested) {
    TestMetrics test = tested ? new TestMetrics(8, 0.5, 0.75, null, null) : null;
    return new TrainingReport(attempt, 2, 2, 100, null, null, test, null, null, null);
  }
}
