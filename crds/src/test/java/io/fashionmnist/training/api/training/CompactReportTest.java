package io.fashionmnist.training.api.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.training.TrainingReport.EpochSummary;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompactReportTest {
  @Test
  void keepsAllOfThirtyTwoClasses() {
    TrainingReport report = report(32);

    assertThat(CompactReport.of(report)).isEqualTo(report);
  }

  @Test
  void tellsTheTenWorstOfMoreClassesAndNoMatrix() {
    TrainingReport compact = CompactReport.of(report(33));

    assertThat(compact.perClass())
        .extracting(ClassMetrics::label)
        .containsExactly(32, 31, 30, 29, 28, 27, 26, 25, 24, 23);
    assertThat(compact.confusionMatrix()).isNull();
    assertThat(compact.epoch()).isEqualTo(3);
    assertThat(compact.lastUpdatedTime()).isEqualTo("2026-01-02T03:04:05Z");
  }

  @Test
  void leavesOutAMatrixOfManyClassesWhateverElseIsTold() {
    TrainingReport report = CompactReport.with(report(33), null, report(33).confusionMatrix());

    assertThat(CompactReport.of(report).confusionMatrix()).isNull();
  }

  @Test
  void leavesOutACurveOfMorePointsThanOursHas() {
    List<CurvePoint> curve =
        IntStream.rangeClosed(1, 51)
            .mapToObj(epoch -> new CurvePoint(epoch, 1.0, 0.5, 1.0, 0.5))
            .toList();
    EpochMetrics last = new EpochMetrics(51, 1.0, 0.5, 1.0, 0.5, 1e-3, 1.0, 1.0);
    TrainingReport report = report(10, new EpochSummary(last, last, curve));

    TrainingReport compact = CompactReport.of(report);
    assertThat(compact.metrics()).isEqualTo(new EpochSummary(last, last, null));
    assertThat(compact.perClass()).hasSize(10);
    assertThat(CompactReport.of(report(10, new EpochSummary(last, last, curve.subList(0, 50)))))
        .extracting(each -> each.metrics().curve().size())
        .isEqualTo(50);
  }

  @Test
  void leavesAReportWithoutClassesAlone() {
    TrainingReport report = new TrainingReport(null, 3, 30, 10, null, null, null, null, null, null);

    assertThat(CompactReport.of(report)).isEqualTo(report);
  }

  @Test
  void ranksUndefinedScoresLastAndTiesByLabel() {
    List<ClassMetrics> classes =
        List.of(
            new ClassMetrics(0, "a", null, null, null, 0),
            new ClassMetrics(1, "b", 0.5, 0.5, 0.5, 1),
            new ClassMetrics(2, "c", 0.5, 0.5, 0.5, 1),
            new ClassMetrics(3, "d", null, 0.0, 0.0, 1));

    assertThat(CompactReport.worst(classes, 3))
        .extracting(ClassMetrics::name)
        .containsExactly("d", "b", "c");
    assertThat(CompactReport.worst(classes, 9)).hasSize(4);
  }

  /** The higher the label, the lower the F1. */
  private static TrainingReport report(int classes) {
    return report(classes, null);
  }

  private static TrainingReport report(int classes, EpochSummary metrics) {
    return new TrainingReport(
        2,
        3,
        30,
        10,
        500L,
        metrics,
        new TestMetrics(classes, 0.5, 0.8, null, null),
        IntStream.range(0, classes)
            .mapToObj(c -> new ClassMetrics(c, "class " + c, 0.5, 0.5, 1.0 / (c + 1), 1))
            .toList(),
        Collections.nCopies(classes, Collections.nCopies(classes, 1)),
        "2026-01-02T03:04:05Z");
  }
}
