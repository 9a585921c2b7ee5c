package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.testing.EmulatorProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a custom job, whatever happens to it, to the service and to the operator. */
class VertexIT extends OnVertexAi {
  @Test
  void runsAsACustomJob() {
    try (OperatorProcess operator = start("one")) {
      create("job");

      awaitPhase("job", Phase.SUCCEEDED);

      FashionTrainingJobStatus status = status("job");
      assertThat(status.backend()).isEqualTo(Backend.VERTEX);
      assertThat(status.attempts()).hasSize(1);
      assertThat(status.attempts().getFirst().externalName())
          .matches("projects/\\d+/locations/us-central1/customJobs/\\d+");
      assertThat(condition("job", "QuotaAvailable")).isEqualTo("True");
      assertThat(vertex.jobs()).hasSize(1);
      await().untilAsserted(() -> assertThat(get("job").getMetadata().getFinalizers()).isEmpty());
      assertThat(operator.log()).doesNotContainIgnoringCase("forbidden");
    }
  }

  /** Whether it was created is in doubt each time; it is created once, and the job waits for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "fault: unavailable, call: CreateCustomJob, count: 1",
        "fault: error-after-commit, call: CreateCustomJob, count: 1",
        "fault: slow, call: CreateCustomJob, delay: 5s",
        "fault: slow, delay: 2s",
      })
  void createsOnceThoughTheServiceIsSlowOrAwayForAMoment(String fault) {
    vertex.fault("{%s}".formatted(fault));
    try (var _ = start("one")) {
      create("job");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(attempts("job"))
          .containsExactly(tuple("central", AttemptState.SUCCEEDED, "Trained"));
      assertThat(vertex.jobs()).hasSize(1);
    }
  }

  /** What is put off is created without an answer then, and lists are late. */
  @Test
  void createsOnceThoughTheAnswerAfterARateLimitIsLost() {
    vertex.fault("{name: busy, fault: rate-limit, call: CreateCustomJob, count: 1}");
    vertex.fault("{fault: list-lag, delay: 30s}");
    try (var _ = start("one")) {
      create("job");
      await().atMost(PATIENCE).until(() -> vertex.calls("CreateCustomJob", "us-central1") == 1);
      vertex.fault("{fault: deadline-exceeded-after-commit, call: CreateCustomJob, count: 1}");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(attempts("job"))
          .containsExactly(tuple("central", AttemptState.SUCCEEDED, "Trained"));
      assertThat(vertex.jobs()).hasSize(1);
    }
  }

  @Test
  void theServiceIsTheSameAfterItsRestart() throws IOException {
    vertex.close();
    String settings = restartable("state: " + Files.createTempDirectory("state").resolve("s.json"));
    vertex = EmulatorProcess.start(settings);
    vertex.fault("{fault: stays-queued, count: 1}");
    try (var _ = start("one")) {
      create("job");
      await().atMost(PATIENCE).until(() -> vertex.liveJobs().size() == 1);
      await().until(() -> status("job").attempts().getFirst().externalName() != null);
      vertex.close();
      vertex = EmulatorProcess.start(settings);
      vertex.force(vertex.jobs().getFirst().get("id").asText(), "succeeded");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(status("job").attempts()).hasSize(1);
      assertThat(vertex.jobs()).hasSize(1);
    }
  }

  @Test
  void saysThatSomeoneElseDeletedIt() throws IOException {
    vertex.close();
    String settings = restartable("seed: 1");
    vertex = EmulatorProcess.start(settings);
    vertex.fault("{fault: stays-queued}");
    try (var _ = start("one")) {
      create("job");
      await().atMost(PATIENCE).until(() -> vertex.liveJobs().size() == 1);
      await().until(() -> status("job").attempts().getFirst().externalName() != null);

      // It forgets everything.
      vertex.close();
      vertex = EmulatorProcess.start(settings);

      awaitPhase("job", Phase.FAILED);
      assertThat(attempts("job"))
          .containsExactly(tuple("central", AttemptState.FAILED, "DeletedExternally"));
      assertThat(vertex.jobs()).isEmpty();
    }
  }

  @Test
  void theJobsDeadlineEndsTheCustomJob() {
    vertex.fault("{fault: stays-queued}");
    try (var _ = start("one")) {
      create("job");
      runPolicy("job", "activeDeadlineSeconds: 8");

      awaitPhase("job", Phase.FAILED);

      assertThat(attempts("job"))
          .containsExactly(tuple("central", AttemptState.FAILED, "DeadlineExceeded"));
      assertThat(vertex.liveJobs()).isEmpty();
    }
  }

  @Test
  void createsOnceThoughTheAnswerIsLost() {
    vertex.fault("{fault: deadline-exceeded-after-commit, call: CreateCustomJob, count: 1}");
    vertex.fault("{fault: list-lag, delay: 5s}");
    try (var _ = start("one")) {
      create("job");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(attempts("job"))
          .containsExactly(tuple("central", AttemptState.SUCCEEDED, "Trained"));
      assertThat(vertex.jobs()).hasSize(1);
    }
  }

  @Test
  void saysThatSomeoneElseCancelledIt() {
    vertex.fault("{fault: stays-queued}");
    try (var _ = start("one")) {
      create("job");
      await().atMost(PATIENCE).until(() -> vertex.liveJobs().size() == 1);

      vertex.force(vertex.jobs().getFirst().get("id").asText(), "cancelled");

      awaitPhase("job", Phase.FAILED);
      assertThat(attempts("job"))
          .containsExactly(tuple("central", AttemptState.FAILED, "CancelledExternally"));
    }
  }

  @Test
  void suspendsAndResumes() {
    vertex.fault("{fault: stays-queued, count: 1}");
    try (var _ = start("one")) {
      create("job");
      await().atMost(PATIENCE).until(() -> vertex.liveJobs().size() == 1);

      suspend("job", true);
      awaitPhase("job", Phase.SUSPENDED);
      assertThat(vertex.liveJobs()).isEmpty();
      suspend("job", false);

      awaitPhase("job", Phase.SUCCEEDED);
      assertThat(attempts("job"))
          .containsExactly(
              tuple("central", AttemptState.SUSPENDED, "Suspended"),
              tuple("central", AttemptState.SUCCEEDED, "Trained"));
    }
  }

  @Test
  void oneCustomJobEachThoughTheOperatorIsKilledAgainAndAgain() throws InterruptedException {
    Random random = new Random(Long.getLong("soak.seed", 11));
    vertex.fault("{fault: list-lag, delay: 3s}");
    vertex.fault(
        "{fault: deadline-exceeded-after-commit, call: CreateCustomJob, probability: 0.3}");
    List<String> names = names("job-", 10);
    names.forEach(this::create);
    for (int round = 0; round < Integer.getInteger("soak.kills", 5); round++) {
      try (OperatorProcess operator = start("round-" + round)) {
        Thread.sleep(random.nextInt(2_000));
        operator.kill();
      }
    }
    try (var _ = start("last")) {
      await()
          .atMost(Duration.ofMinutes(4))
          .untilAsserted(
              () ->
                  assertThat(names)
                      .allSatisfy(
                          name -> assertThat(status(name).phase()).isEqualTo(Phase.SUCCEEDED)));
    }
    assertThat(names).allSatisfy(name -> assertThat(status(name).attemptCount()).isEqualTo(1));
    assertThat(vertex.jobs()).as("custom jobs that there ever were").hasSameSizeAs(names);
  }

  private static String restartable(String more) throws IOException {
    try (ServerSocket any = new ServerSocket(0)) {
      return "{port: %d, buckets: {central: us-central1, west: us-west1}, %s}"
          .formatted(any.getLocalPort(), more);
    }
  }

  private void suspend(String name, boolean suspend) {
    runPolicy(name, "suspend: " + suspend);
  }
}
