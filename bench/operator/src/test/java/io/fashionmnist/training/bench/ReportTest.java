package io.fashionmnist.training.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  @Test
  void whatOneDidNotMeasureStaysEmpty() throws IOException {
    String text =
        new Report(
                List.of(
                    measurement(
                        Contender.FASHION_TRAINING,
                        Map.of(Figure.JOBS_PER_SECOND, 61.26, Figure.RSS_FINISHED, 1_234.0)),
                    measurement(Contender.TRAINING_OPERATOR, Map.of(Figure.JOBS_PER_SECOND, 6.9))))
            .text();
    assertThat(text)
        .contains("| jobs/s, first create to last status | 61.3 | 6.9 | ≥ 60 |")
        .contains("| RSS with the finished ones, MB | 1,234 |  | ≤ 350 |")
        .doesNotContain(Figure.READY_SECONDS.title())
        .contains("etcd 1.5 ms");
  }

  @Test
  void onlyTheSectionIsReplaced() {
    assertThat(
            Report.SECTION.replace(
                "a\n<!-- operator: begin -->\nold\n<!-- operator: end -->\nz\n", "new\n"))
        .isEqualTo("a\n<!-- operator: begin -->\nnew\n<!-- operator: end -->\nz\n");
    assertThatIllegalArgumentException().isThrownBy(() -> Report.SECTION.replace("a", "new"));
  }

  @Test
  void callsAreToldPerMinute() throws IOException {
    String text =
        new FallbackReport(
                List.of(1.04, 1.96),
                List.of(
                    new FallbackReport.Calls(
                        4, 1_000, Map.of("ListCustomJobs", 12L, "CancelCustomJob", 1L))),
                30)
            .text();
    assertThat(text).contains("| 1.0 | 2.0 |").contains("| 1,000 | 4 | 24 | 0 | 2 | 0 |");
  }

  private static Measurement measurement(Contender contender, Map<Figure, Double> figures) {
    return new Measurement(contender, 1_000, 0, 60, figures, Map.of("etcd", 1.5));
  }
}
