package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.testing.EmulatorProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Placements on Vertex AI: the operator with the chart's rights, and an emulator of the service.
 */
@Timeout(600)
class VertexIT {
  private static final String CPUS = "custom_model_training_cpus";
  private static final int CROWD = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private static InstalledChart chart;
  private static ReportBuckets buckets;
  private static KubernetesClient admin;
  private String namespace;

  /** A project for each test: what one finds full holds up no other. */
  private String project;

  private EmulatorProcess vertex;

  @BeforeAll
  static void install() {
    chart = InstalledChart.start();
    buckets = ReportBuckets.empty();
    admin = chart.admin();
  }

  @AfterAll
  static void uninstall() {
    if (chart != null) {
      chart.close();
      buckets.close();
    }
  }

  @BeforeEach
  void makeNamespace(TestInfo test) {
    namespace =
        "%.50s-%s"
            .formatted(
                test.getTestMethod().orElseThrow().getName().toLowerCase(),
                Integer.toHexString(test.getDisplayName().hashCode()));
    project = "shop-" + Integer.toHexString(namespace.hashCode());
    chart.makeNamespace(namespace);
    vertex = EmulatorProcess.start("{port: 0, buckets: {central: us-central1, west: us-west1}}");
  }

  /** No operator of a later test has to look through what is left. */
  @AfterEach
  void leaveNothing() {
    vertex.close();
    var jobs = admin.resources(FashionTrainingJob.class).inNamespace(namespace);
    jobs.list().getItems().stream()
        .filter(job -> !job.getMetadata().getFinalizers().isEmpty())
        .forEach(job -> deleteByForce(job.getMetadata().getName()));
    jobs.delete();
  }

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

  @Test
  void goesThroughThePlacementsWhenQuotaIsExhausted() {
    unreadableQuota();
    vertex.limit("us-central1", CPUS, 0);
    vertex.limit("us-west1", CPUS, 2);
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofSeconds(1))) {
      create("job");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(attempts("job"))
          .containsExactly(
              tuple("central", AttemptState.OUT_OF_CAPACITY, "QuotaExceeded"),
              tuple("west", AttemptState.OUT_OF_CAPACITY, "QuotaExceeded"),
              tuple("here", AttemptState.SUCCEEDED, "Trained"));
      assertThat(status("job").attempts().getFirst().quotaMetrics()).containsExactly(CPUS);
      assertThat(condition("job", "QuotaAvailable")).isEqualTo("False");
      assertThat(vertex.jobs()).isEmpty();
      await().untilAsserted(() -> assertThat(events()).contains("FallingBack"));

      // What one job has learned, the next knows.
      create("next");
      awaitPhase("next", Phase.SUCCEEDED);
      assertThat(attempts("next"))
          .containsExactly(
              tuple("central", AttemptState.SKIPPED, "QuotaExhausted"),
              tuple("west", AttemptState.SKIPPED, "QuotaExhausted"),
              tuple("here", AttemptState.SUCCEEDED, "Trained"));
      assertThat(vertex.calls("CreateCustomJob", "us-central1")).isEqualTo(1);
    }
  }

  @Test
  void skipsAPlacementWhoseLimitIsKnownToBeTooSmall() {
    vertex.limit("us-central1", CPUS, 2);
    try (var _ = start("one")) {
      create("first");
      awaitPhase("first", Phase.SUCCEEDED);
      create("second");

      awaitPhase("second", Phase.SUCCEEDED);

      assertThat(attempts("second"))
          .containsExactly(
              tuple("central", AttemptState.SKIPPED, "QuotaTooSmall"),
              tuple("west", AttemptState.SUCCEEDED, "Trained"));
      assertThat(status("second").attempts().getFirst().message())
          .contains("is 2, and the job needs 4");
    }
  }

  @Test
  void movesWhenTheQuotaErrorComesLate() {
    vertex.fault("{fault: failed-for-quota, region: us-central1, delay: 2s}");
    try (var _ = start("one")) {
      create("job");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(attempts("job"))
          .containsExactly(
              tuple("central", AttemptState.OUT_OF_CAPACITY, "QuotaExceeded"),
              tuple("west", AttemptState.SUCCEEDED, "Trained"));
    }
  }

  @Test
  void movesAfterTheQueueDeadline() {
    vertex.fault("{fault: stays-queued, region: us-central1}");
    try (var _ = start("one")) {
      create("job");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(attempts("job"))
          .containsExactly(
              tuple("central", AttemptState.OUT_OF_CAPACITY, "QueueDeadlineExceeded"),
              tuple("west", AttemptState.SUCCEEDED, "Trained"));
      assertThat(vertex.liveJobs()).isEmpty();
    }
  }

  @Test
  void movesWhenMachinesAreSoldOutOrTakenAway() {
    vertex.fault("{fault: stockout, region: us-central1, delay: 1s}");
    vertex.fault("{fault: preemption, region: us-west1, delay: 1s}");
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofSeconds(1))) {
      create("job", "n1-standard-4, strategy: Spot");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(attempts("job"))
          .containsExactly(
              tuple("central", AttemptState.OUT_OF_CAPACITY, "Stockout"),
              tuple("west", AttemptState.OUT_OF_CAPACITY, "Preempted"),
              tuple("here", AttemptState.SUCCEEDED, "Trained"));
    }
  }

  @Test
  void failsWithoutFallingBackWhenAPermissionIsMissing() {
    vertex.fault("{fault: permission-denied, call: CreateCustomJob}");
    try (var _ = start("one")) {
      create("job");

      awaitPhase("job", Phase.FAILED);

      assertThat(attempts("job"))
          .containsExactly(tuple("central", AttemptState.FAILED, "PermissionDenied"));
      assertThat(status("job").attempts().getFirst().message())
          .contains("aiplatform.customJobs.create")
          .contains("roles/aiplatform.user");
      assertThat(vertex.calls("CreateCustomJob", "us-west1")).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          service-account  |                                                                                          | PermissionDenied     | roles/iam.serviceAccountUser
          api-disabled     |                                                                                          | PermissionDenied     | gcloud services enable aiplatform.googleapis.com
          billing-disabled |                                                                                          | PermissionDenied     | link the project to a billing account
          error            | code: invalid-argument, message: Machine type n1-standard-4 is not supported in us-central1. | InvalidConfiguration | machineType to one that Vertex AI has in the region
          """)
  void failsWithoutFallingBackAndSaysWhatToDo(
      String fault, String more, String reason, String advice) {
    vertex.fault(
        "{fault: %s, call: CreateCustomJob, region: us-central1%s}"
            .formatted(fault, more == null ? "" : ", " + more));
    try (var _ = start("one")) {
      create("job");

      awaitPhase("job", Phase.FAILED);

      assertThat(attempts("job")).containsExactly(tuple("central", AttemptState.FAILED, reason));
      assertThat(status("job").attempts().getFirst().message()).contains(advice);
      assertThat(vertex.jobs()).isEmpty();
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

  @Test
  void aServiceFaultIsAFailureAndAnotherAttemptFollowsAfterAPause() {
    vertex.fault("{fault: internal-error, region: us-central1, delay: 1s, count: 1}");
    try (var _ = start("one")) {
      create("job");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(attempts("job"))
          .containsExactly(
              tuple("central", AttemptState.FAILED, "ServiceFault"),
              tuple("central", AttemptState.SUCCEEDED, "Trained"));
      assertThat(status("job").failureCount()).isEqualTo(1);
      var attempts = status("job").attempts();
      assertThat(
              Duration.between(
                  Instant.parse(attempts.getFirst().endTime()),
                  Instant.parse(attempts.getLast().startTime())))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(10));
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
  void anEndpointThatIsNotThereHoldsNoJob() {
    vertex.close();
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofSeconds(1))) {
      create("job");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(attempts("job"))
          .containsExactly(
              tuple("central", AttemptState.OUT_OF_CAPACITY, "QueueDeadlineExceeded"),
              tuple("west", AttemptState.OUT_OF_CAPACITY, "QueueDeadlineExceeded"),
              tuple("here", AttemptState.SUCCEEDED, "Trained"));
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
  void skipsAPlacementWhoseBucketIsInAnotherRegion() {
    try (var _ = start("one", chart, "bucketRegions: {central: us-east1, west: us-west1}")) {
      create("job");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(attempts("job"))
          .containsExactly(
              tuple("central", AttemptState.SKIPPED, "BucketElsewhere"),
              tuple("west", AttemptState.SUCCEEDED, "Trained"));
      assertThat(status("job").attempts().getFirst().message())
          .contains("bucket central is in us-east1", "set outputUri of this placement");
      assertThat(vertex.calls("CreateCustomJob", "us-central1")).isZero();
    }
  }

  private static String restartable(String more) throws IOException {
    try (ServerSocket any = new ServerSocket(0)) {
      return "{port: %d, buckets: {central: us-central1, west: us-west1}, %s}"
          .formatted(any.getLocalPort(), more);
    }
  }

  @Test
  void waitsOutARateLimit() {
    vertex.fault("{fault: rate-limit, call: CreateCustomJob, count: 1}");
    try (var _ = start("one")) {
      create("job");

      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  status("job").attempts().stream()
                      .anyMatch(each -> each.reason().equals("RateLimited")));
      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(attempts("job"))
          .containsExactly(tuple("central", AttemptState.SUCCEEDED, "Trained"));
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

      FashionTrainingJobStatus status = status("job");
      assertThat(status.attempts())
          .allSatisfy(
              attempt ->
                  assertThat(attempt.externalName() == null)
                      .isEqualTo(attempt.deletionTime() == null));
      assertThat(status.model().uri()).isNotBlank();
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

  @Test
  void aCrowdAtAFullRegionCostsAFewCallsAndEveryoneIsPlacedElsewhere() {
    unreadableQuota();
    vertex.limit("us-central1", CPUS, 0);
    vertex.limit("us-west1", CPUS, 0);
    List<String> names = names("job-", CROWD);
    names.forEach(this::create);
    try (var _ = start("one")) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() -> assertThat(placements()).hasSize(CROWD).allMatch("here"::equals));

      assertThat(vertex.calls("CreateCustomJob", "us-central1")).isLessThanOrEqualTo(3);
      assertThat(vertex.calls("CreateCustomJob", "us-west1")).isLessThanOrEqualTo(3);
      // Between the first job's first attempt and the last one's last.
      var times =
          names.stream()
              .flatMap(name -> status(name).attempts().stream())
              .map(attempt -> Instant.parse(attempt.startTime()))
              .sorted()
              .toList();
      System.out.printf(
          "%d jobs were placed elsewhere in %d s%n",
          CROWD, Duration.between(times.getFirst(), times.getLast()).toSeconds());
    }
  }

  /** Invariant 7: a slow Vertex never delays jobs in the cluster. */
  @Test
  void aSlowVertexHoldsUpNoJobInTheCluster() {
    vertex.fault("{fault: slow, call: CreateCustomJob, delay: 30s}");
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofMillis(100))) {
      List<String> outside = names("job-", 100);
      outside.forEach(this::create);
      await()
          .atMost(PATIENCE)
          .until(() -> outside.stream().anyMatch(name -> status(name).activeAttempt() != null));

      createManifest(
          "here",
          "  output: {uri: gs://central/runs}\n  placements: [{name: here, cluster: {}}]\n",
          admin);

      // Sooner than a create is given up.
      await().atMost(Duration.ofSeconds(20)).until(() -> status("here").phase() == Phase.SUCCEEDED);
      assertThat(outside).noneMatch(name -> status(name).phase() == Phase.SUCCEEDED);
    }
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(each -> prefix + each).toList();
  }

  private List<String> placements() {
    return admin
        .resources(FashionTrainingJob.class)
        .inNamespace(namespace)
        .list()
        .getItems()
        .stream()
        .map(job -> String.valueOf(job.currentStatus().placement()))
        .toList();
  }

  private void unreadableQuota() {
    vertex.fault("{fault: permission-denied, call: ListQuotaInfos}");
  }

  private List<Tuple> attempts(String name) {
    return status(name).attempts().stream()
        .map(each -> tuple(each.placement(), each.state(), each.reason()))
        .toList();
  }

  private void delete(String name) {
    admin.resources(FashionTrainingJob.class).inNamespace(namespace).withName(name).delete();
  }

  /** As if there were no finalizer. */
  private void deleteByForce(String name) {
    admin
        .resources(FashionTrainingJob.class)
        .inNamespace(namespace)
        .withName(name)
        .edit(
            job -> {
              job.getMetadata().setFinalizers(List.of());
              return job;
            });
    delete(name);
  }

  /** What the emulator has on record of a resource, whether it is still there or not. */
  private List<JsonNode> jobsOf(String name) {
    return vertex.jobs().stream()
        .filter(job -> name.equals(job.at("/labels/fashion-training-job-name").asText()))
        .toList();
  }

  private void suspend(String name, boolean suspend) {
    runPolicy(name, "suspend: " + suspend);
  }

  private void runPolicy(String name, String setting) {
    admin
        .genericKubernetesResources("training.fashion-mnist.io/v1alpha1", "FashionTrainingJob")
        .inNamespace(namespace)
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"runPolicy\": {\"%s}}}".formatted(setting.replace(":", "\":")));
  }

  private OperatorProcess start(String name) {
    return start(name, chart);
  }

  private OperatorProcess start(String name, InstalledChart cluster) {
    return start(name, cluster, "onDeletion: Keep");
  }

  private OperatorProcess start(String name, InstalledChart cluster, String setting) {
    return OperatorProcess.start(
            name,
            cluster,
            cluster.settings().replaceAll("(?m)^(tenants|vertex):.*$", "")
                + """

                tenants: [{projects: [%s], regions: ["us-*"]}]
                vertex: {project: %s, emulator: "%s", storage: "%s", interval: 1s, quotaInterval: 2s, %s}
                """
                    .formatted(project, project, vertex.endpoint(), buckets.address(), setting))
        .ready();
  }

  private void awaitPhase(String name, Phase phase) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(status(name).phase())
                    .as("%s", status(name).attempts())
                    .isEqualTo(phase));
  }

  private void create(String name) {
    create(name, "n1-standard-4");
  }

  private void create(String name, String machine) {
    create(name, machine, admin);
  }

  private void create(String name, String machine, KubernetesClient client) {
    createManifest(
        name,
        """
          output: {uri: gs://central/runs}
          placements:
            - {name: central, vertex: {region: us-central1, machineType: %s}, maxQueueDuration: 15s}
            - {name: west, vertex: {region: us-west1, machineType: %s, outputUri: gs://west/runs}, maxQueueDuration: 30s}
            - {name: here, cluster: {}}
        """
            .formatted(machine, machine),
        client);
  }

  private void createManifest(String name, String spec, KubernetesClient client) {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: training.fashion-mnist.io/v1alpha1
                kind: FashionTrainingJob
                metadata: {name: %s}
                spec:
                %s
                """
                    .formatted(name, spec),
                GenericKubernetesResource.class))
        .inNamespace(namespace)
        .create();
  }

  private FashionTrainingJob get(String name) {
    return admin.resources(FashionTrainingJob.class).inNamespace(namespace).withName(name).get();
  }

  private FashionTrainingJobStatus status(String name) {
    return get(name).currentStatus();
  }

  private String condition(String name, String type) {
    return status(name).conditions().stream()
        .filter(each -> each.type().equals(type))
        .map(each -> each.status())
        .findFirst()
        .orElse("absent");
  }

  private List<String> events() {
    return admin.v1().events().inNamespace(namespace).list().getItems().stream()
        .map(event -> event.getReason())
        .toList();
  }
}
