package io.fashionmnist.training.operator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.training.CompactReport;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobPageTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:05:00Z");

  private final FashionTrainingJob job = job();

  @Test
  void tellsTheJobInFacts() {
    JobPage page = JobPage.of(job, NOW);

    assertThat(page.facts())
        .extracting(JobPage.Fact::word, JobPage.Fact::meaning)
        .containsExactly(
            tuple("backend", "Cluster"),
            tuple("placement", "cluster"),
            tuple("epoch", "3 of 4"),
            tuple("validation accuracy", "81.23 %"),
            tuple("remaining", "about 42s"),
            tuple("running for", "5m"));
    assertThat(page.why()).isEqualTo("the trainer runs on <cluster>");
    assertThat(page.live()).isTrue();
    assertThat(page.placements())
        .singleElement()
        .satisfies(fact -> assertThat(fact.meaning()).contains("europe-west4"));
  }

  @Test
  void drawsTheAttemptsOnOneScale() {
    Timeline timeline = JobPage.of(job, NOW).timeline();

    assertThat(timeline.span()).isEqualTo("5m");
    assertThat(timeline.bars())
        .extracting(Timeline.Bar::state, Timeline.Bar::x, Timeline.Bar::width, Timeline.Bar::took)
        .containsExactly(
            tuple("OutOfCapacity", 0, 100, "30s"),
            tuple("Skipped", 100, 4, "0s"),
            tuple("Running", 100, 900, "4m30s"));
  }

  @Test
  void coloursTheMatrixByShareOfTheRow() {
    assertThat(JobPage.of(job, NOW).matrix().rows())
        .flatExtracting(JobPage.MatrixRow::cells)
        .extracting(JobPage.Cell::heat, JobPage.Cell::right)
        .containsExactly(tuple(8, true), tuple(3, false), tuple(1, false), tuple(10, true));
  }

  /** Reports are what any trainer sends. */
  @Test
  void hasAPageForAReportWithoutClassesAndWithoutAnEnd() {
    TrainingReport whole = job.currentStatus().training();
    train(
        new TrainingReport(
            3,
            1,
            4,
            25,
            Long.MAX_VALUE,
            null,
            null,
            null,
            List.of(List.of(1, 0, 2), List.of(0, 4)),
            null));

    JobPage page = JobPage.of(job, NOW);

    assertThat(page.matrix().names()).containsExactly("class 0", "class 1", "class 2");
    assertThat(page.matrix().rows())
        .extracting(JobPage.MatrixRow::name)
        .containsExactly("class 0", "class 1");
    assertThat(page.facts())
        .contains(new JobPage.Fact("remaining", "about 2562047788015215h30m7s"));
    assertThat(new Templates().job(page)).contains("<th scope=\"row\">class 1</th>");

    train(CompactReport.with(whole, whole.perClass().subList(1, 2), whole.confusionMatrix()));

    assertThat(JobPage.of(job, NOW).matrix().names())
        .as("each name stands for its own class")
        .containsExactly("class 0", "<b>Trouser</b>");
  }

  private void train(TrainingReport report) {
    job.setStatus(job.currentStatus().withTraining(report));
  }

  @Test
  void escapesWhatOthersWrote() {
    String html = new Templates().job(JobPage.of(job, NOW));

    assertThat(html)
        .contains("&lt;b&gt;Trouser&lt;/b&gt;", "the trainer runs on &lt;cluster&gt;")
        .doesNotContain("<b>Trouser", "on <cluster>");
    assertThat(html).contains("data-curve=\"[{&quot;epoch&quot;:1,");
  }

  @Test
  void hasAPageForAJobWithoutAStatus() {
    job.setStatus(null);

    String html = new Templates().job(JobPage.of(job, NOW));

    assertThat(html).contains("Pending").doesNotContain("<h2>");
  }

  @Test
  void listsJobsTheNewestFirst() {
    FashionTrainingJob older = job();
    older.getMetadata().setName("older");
    older.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");

    JobsPage page = JobsPage.of(Optional.empty(), new JobList(List.of(older, job), false), NOW);

    assertThat(page.rows())
        .extracting(JobsPage.Row::name, JobsPage.Row::age, JobsPage.Row::accuracy)
        .containsExactly(tuple("fallen-back", "5m", "81.23 %"), tuple("older", "27h", "81.23 %"));
    assertThat(page.phases()).containsExactly(new JobsPage.PhaseCount("Running", 2));
    assertThat(new Templates().jobs(page)).contains("/namespaces/team-a/jobs/fallen-back");
  }

  static FashionTrainingJob job() {
    try (InputStream file = JobPageTest.class.getResourceAsStream("/web/status.yaml")) {
      FashionTrainingJob job = new FashionTrainingJob();
      job.getMetadata().setName("fallen-back");
      job.getMetadata().setNamespace("team-a");
      job.getMetadata().setCreationTimestamp("2026-01-02T03:00:00Z");
      job.setStatus(
          Serialization.unmarshal(
              new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8),
              FashionTrainingJobStatus.class));
      return job;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
