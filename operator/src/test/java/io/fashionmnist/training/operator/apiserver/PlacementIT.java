package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which placement a job goes to, and why, when quota or Vertex AI itself stands in the way. */
class PlacementIT extends OnVertexAi {
  private static final int CROWD = 500;

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
      await()
          .untilAsserted(
              () -> assertThat(RecordedEvents.reasons(admin, namespace)).contains("FallingBack"));

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

  /**
   * From the API server's cache: decoding and judging all of them anew with each look, it would
   * have little time left for the operator's writes.
   */
  private List<String> placements() {
    return resources()
        .list(new ListOptionsBuilder().withResourceVersion("0").build())
        .getItems()
        .stream()
        .map(job -> String.valueOf(job.currentStatus().placement()))
        .toList();
  }

  private void unreadableQuota() {
    vertex.fault("{fault: permission-denied, call: ListQuotaInfos}");
  }
}
