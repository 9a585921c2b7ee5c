package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What nobody wants any more on Vertex AI goes, and what others want stays. */
class VertexCleanupIT extends OnVertexAi {
  @Test
  void deletionCancelsTheCustomJob() {
    vertex.fault("{fault: stays-queued}");
    try (var _ = start("one")) {
      create("job");
      await().atMost(PATIENCE).until(() -> vertex.liveJobs().size() == 1);

      delete("job");

      await().atMost(PATIENCE).until(() -> get("job") == null);
      assertThat(vertex.liveJobs()).isEmpty();
    }
  }

  @Test
  void cancelsWhatNobodyOwns() {
    vertex.fault("{fault: stays-queued}");
    try (var _ = start("one")) {
      create("gone");
      create("here");
      await().atMost(PATIENCE).until(() -> vertex.liveJobs().size() == 2);
      await().until(() -> get("gone").currentStatus().attempts().getFirst().externalName() != null);

      deleteByForce("gone");

      await().atMost(PATIENCE).until(() -> vertex.liveJobs().size() == 1);
      assertThat(status("here").phase()).isEqualTo(Phase.QUEUED);
    }
  }

  /** Nothing lives any more, as far as resources tell, when another leads. */
  @Test
  void aFreshLeaderCancelsWhatNobodyOwns() {
    vertex.fault("{fault: stays-queued}");
    try (OperatorProcess operator = start("one")) {
      create("job");
      await().atMost(PATIENCE).until(() -> vertex.liveJobs().size() == 1);
      operator.kill();
    }
    deleteByForce("job");

    try (var _ = start("two")) {
      await().atMost(PATIENCE).until(() -> vertex.liveJobs().isEmpty());

      // Soon nothing is asked for any more.
      await()
          .atMost(Duration.ofSeconds(150))
          .pollInterval(Duration.ofSeconds(5))
          .until(
              () -> {
                long lists = vertex.calls("ListCustomJobs", "us-central1");
                Thread.sleep(4_000);
                return vertex.calls("ListCustomJobs", "us-central1") == lists;
              });
    }
  }

  @Test
  void whatAFinishedJobLeftGoesWhenItsTimeIsOverAndNeverComesBack() {
    vertex.fault("{fault: stockout, region: us-central1, delay: 1s}");
    try (var _ = start("one")) {
      create("kept");
      create("job");
      runPolicy("job", "ttlSecondsAfterFinished: 5");
      awaitPhase("kept", Phase.SUCCEEDED);
      awaitPhase("job", Phase.SUCCEEDED);

      await().atMost(PATIENCE).until(() -> jobsOf("job").isEmpty());

      // That they are deleted is told after they are.
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(status("job").attempts())
                      .allSatisfy(
                          attempt ->
                              assertThat(attempt.externalName() == null)
                                  .isEqualTo(attempt.deletionTime() == null)));
      assertThat(status("job").model().uri()).isNotBlank();
      assertThat(jobsOf("kept")).isNotEmpty();
    }
    long deletions =
        vertex.calls("DeleteCustomJob", "us-central1")
            + vertex.calls("DeleteCustomJob", "us-west1");
    try (var _ = start("two")) {
      create("next");
      awaitPhase("next", Phase.SUCCEEDED);

      assertThat(jobsOf("job")).isEmpty();
      assertThat(status("job").phase()).isEqualTo(Phase.SUCCEEDED);
      assertThat(
              vertex.calls("DeleteCustomJob", "us-central1")
                  + vertex.calls("DeleteCustomJob", "us-west1"))
          .isEqualTo(deletions);
    }
  }

  @Test
  void deletionLeavesTheRecordUnlessItIsToGo() {
    try (var _ = start("one")) {
      create("kept");
      awaitPhase("kept", Phase.SUCCEEDED);
      delete("kept");
      await().atMost(PATIENCE).until(() -> get("kept") == null);
    }
    assertThat(jobsOf("kept")).hasSize(1);
    vertex.fault("{fault: stays-queued, count: 1}");
    try (var _ = start("two", chart, "onDeletion: Delete")) {
      create("over");
      create("live");
      awaitPhase("over", Phase.SUCCEEDED);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  Stream.of("over", "live")
                      .allMatch(name -> status(name).attempts().getFirst().externalName() != null));
      delete("over");
      delete("live");

      await().atMost(PATIENCE).until(() -> get("over") == null && get("live") == null);
    }
    assertThat(jobsOf("over")).isEmpty();
    assertThat(jobsOf("live")).isEmpty();
  }

  /** Two clusters may share a project, and installations have the same name by default. */
  @Test
  void leavesTheCustomJobsOfOtherClustersAlone() {
    vertex.fault("{fault: stays-queued}");
    try (var other = InstalledChart.start();
        var _ = start("one", other);
        var _ = start("two")) {
      other.makeNamespace(namespace);
      create("theirs", "n1-standard-4", other.admin());
      create("ours");

      await().atMost(PATIENCE).until(() -> vertex.jobs().size() == 2);
      // Long enough for a few lists, each of which would have swept.
      long lists = vertex.calls("ListCustomJobs", "us-central1");
      await().until(() -> vertex.calls("ListCustomJobs", "us-central1") > lists + 8);

      assertThat(vertex.liveJobs()).hasSize(2);
    }
  }

  /** What the emulator has on record of a resource, whether it is still there or not. */
  private List<JsonNode> jobsOf(String name) {
    return vertex.jobs().stream()
        .filter(job -> name.equals(job.at("/labels/fashion-training-job-name").asText()))
        .toList();
  }
}
