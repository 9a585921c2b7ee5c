package io.fashionmnist.training.e2e;

import static io.fashionmnist.training.e2e.TrainingCluster.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Vertex AI's quotas and moods, and training that goes on. The service is emulated, what it runs is
 * real. Each scenario has a region of its own: what one finds out about a region, all jobs know.
 */
@ExtendWith(ScenarioTable.class)
@Timeout(420)
class QuotaScenariosIT {
  private static final TrainingCluster CLUSTER = new TrainingCluster();
  private static final GoogleCloud GOOGLE = new GoogleCloud(CLUSTER.client());

  private String namespace;

  @AfterAll
  static void close() {
    CLUSTER.close();
  }

  @BeforeEach
  void makeNamespace(TestInfo test) {
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase();
    CLUSTER.untilOperatorIsReady();
    CLUSTER.makeNamespace(namespace);
  }

  @AfterEach
  void deleteNamespace() {
    GOOGLE.heal();
    CLUSTER.deleteNamespace(namespace);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> CLUSTER.client().namespaces().withName(namespace).get() == null);
  }

  @Test
  @DisplayName("no CPUs anywhere: the pod trains, and the attempts tell why")
  void quotaExhausted() {
    GOOGLE.cpus("us-east1", 0);
    apply("us-east1", 2, "");

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);

    assertThat(done.backend()).isEqualTo(Backend.CLUSTER);
    assertThat(done.training().test().accuracy()).isGreaterThan(0.3);
    assertThat(done.attempts().getFirst().state())
        .isIn(AttemptState.OUT_OF_CAPACITY, AttemptState.SKIPPED);
    assertThat(done.attempts().getFirst().quotaMetrics())
        .containsExactly("custom_model_training_cpus");
    assertThat(done.conditions())
        .filteredOn(each -> each.type().equals("QuotaAvailable"))
        .singleElement()
        .satisfies(each -> assertThat(each.status()).isEqualTo("False"))
        .satisfies(each -> assertThat(each.message()).contains("us-east1"));
  }

  @Test
  @DisplayName("as a custom job, with metrics while it runs")
  void customJob() {
    apply("us-east4", 4, "");

    FashionTrainingJobStatus running = CLUSTER.untilEpoch(namespace, "job", 1);
    assertThat(running.phase()).as("metrics come before the end").isEqualTo(Phase.RUNNING);
    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);

    assertThat(done.backend()).isEqualTo(Backend.VERTEX);
    assertThat(done.attempts()).hasSize(1);
    assertThat(done.attempts().getFirst().externalName()).contains("/customJobs/");
    assertThat(done.training().confusionMatrix()).hasSize(10);
    assertThat(done.training().test().accuracy()).isGreaterThan(0.3);
  }

  @Test
  @DisplayName("the Spot machine is taken away: a pod continues from the checkpoint")
  void preempted() {
    GOOGLE.fault("{fault: preemption, region: us-south1, delay: 40s}");
    apply("us-south1", 40, "strategy: Spot");

    Pod pod = CLUSTER.runningPod(namespace);

    assertThat(pod.getSpec().getContainers().getFirst().getArgs())
        .anyMatch(each -> each.startsWith("--resume-from=gs://my-results-us-south1/"));
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                CLUSTER
                    .client()
                    .pods()
                    .resource(pod)
                    .getLog()
                    .contains("Continues from a checkpoint"));
    assertThat(attempts()).startsWith(tuple("vertex", AttemptState.OUT_OF_CAPACITY, "Preempted"));
  }

  @Test
  @DisplayName("accepted, and failed for quota later: the next placement")
  void lateQuotaError() {
    GOOGLE.fault("{fault: failed-for-quota, region: us-west2, delay: 5s}");
    apply("us-west2", 2, "");

    CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);

    assertThat(attempts())
        .containsExactly(
            tuple("vertex", AttemptState.OUT_OF_CAPACITY, "QuotaExceeded"),
            tuple("cluster", AttemptState.SUCCEEDED, "Trained"));
  }

  @Test
  @DisplayName("queued too long: cancelled, then the next placement")
  void queueDeadline() {
    GOOGLE.fault("{fault: stays-queued, region: us-west3}");
    apply("us-west3", 2, "");

    CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);

    assertThat(attempts())
        .containsExactly(
            tuple("vertex", AttemptState.OUT_OF_CAPACITY, "QueueDeadlineExceeded"),
            tuple("cluster", AttemptState.SUCCEEDED, "Trained"));
  }

  @Test
  @DisplayName("a permission is missing: failed, with what to do, and no other placement")
  void permissionMissing() {
    GOOGLE.fault("{fault: permission-denied, call: CreateCustomJob, region: us-west4}");
    apply("us-west4", 2, "");

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.FAILED);

    assertThat(attempts())
        .containsExactly(tuple("vertex", AttemptState.FAILED, "PermissionDenied"));
    assertThat(done.attempts().getFirst().message()).contains("roles/aiplatform.user");
  }

  @Test
  @DisplayName(
      "Vertex AI does not answer for a minute: the custom job is the same before and after")
  void unreachable() throws InterruptedException {
    apply("us-east5", 10, "");
    CLUSTER.untilEpoch(namespace, "job", 1);
    String name = CLUSTER.status(namespace, "job").attempts().getFirst().externalName();

    GOOGLE.fault("{fault: unavailable, region: us-east5}");
    Thread.sleep(60_000); // that is the scenario
    GOOGLE.heal();

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts()).hasSize(1);
    assertThat(done.attempts().getFirst().externalName()).isEqualTo(name);
  }

  @Test
  @EnabledIfEnvironmentVariable(
      named = "E2E_LONG",
      matches = "1",
      disabledReason = ScenarioTable.LONG)
  @DisplayName(
      "Vertex AI is gone for a minute, in which the operator starts anew: the custom job is the"
          + " same before and after")
  void goneWhileTheOperatorStartsAnew() throws InterruptedException {
    apply("europe-west4", 12, "");
    CLUSTER.untilEpoch(namespace, "job", 1);
    String name = CLUSTER.status(namespace, "job").attempts().getFirst().externalName();

    GOOGLE.leave();
    try {
      // It has no connection from before.
      CLUSTER.operatorPods().forEach(CLUSTER::killProcessOf);
      Thread.sleep(60_000); // that is the scenario
      CLUSTER.untilOperatorIsReady();
      assertThat(CLUSTER.status(namespace, "job").attempts()).hasSize(1);
    } finally {
      GOOGLE.comeBack();
    }

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts()).hasSize(1);
    assertThat(done.attempts().getFirst().externalName()).isEqualTo(name);
  }

  @Test
  @DisplayName(
      "a trainer of one's own, in Python, as a custom job: metrics, and a model in its folder")
  void ownTrainerOnVertex() {
    GOOGLE.cpus("us-east4", 42);
    applyOwnTrainer(
        "--epochs=4", "{name: vertex, vertex: {region: us-east4, machineType: n1-standard-4}}");

    FashionTrainingJobStatus running = CLUSTER.untilEpoch(namespace, "own-trainer", 1);
    assertThat(running.phase()).isEqualTo(Phase.RUNNING);
    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "own-trainer", Phase.SUCCEEDED);

    assertThat(done.backend()).isEqualTo(Backend.VERTEX);
    assertThat(done.attempts()).hasSize(1);
    assertThat(done.training().test().accuracy()).isGreaterThan(0.5);
  }

  @Test
  @DisplayName("a trainer of one's own in the cluster: suspended, it saves, and then continues")
  void ownTrainerInTheCluster() {
    applyOwnTrainer("--epochs=12", "{name: cluster, cluster: {}}");
    CLUSTER.untilEpoch(namespace, "own-trainer", 2);
    CLUSTER.suspend(namespace, "own-trainer", true);
    CLUSTER.untilPhase(namespace, "own-trainer", Phase.SUSPENDED);

    CLUSTER.suspend(namespace, "own-trainer", false);
    Pod pod = CLUSTER.runningPod(namespace);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                CLUSTER
                    .client()
                    .pods()
                    .resource(pod)
                    .getLog()
                    .contains("Continues from a checkpoint in gs://"));
    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "own-trainer", Phase.SUCCEEDED);

    assertThat(done.attempts())
        .extracting(each -> each.state())
        .containsExactly(AttemptState.SUSPENDED, AttemptState.SUCCEEDED);
    assertThat(done.failureCount()).isZero();
    assertThat(done.training().epoch()).isEqualTo(12);
    assertThat(done.training().test().accuracy()).isGreaterThan(0.5);
  }

  /** The example as it is, but shorter and in one place. */
  private void applyOwnTrainer(String epochs, String placement) {
    try {
      String manifest = Files.readString(Path.of("../examples/own-trainer/job.yaml"));
      CLUSTER.apply(
          namespace,
          manifest
                  .substring(0, manifest.indexOf("  placements:"))
                  .replace("--epochs=5", epochs)
                  .replace("us-central1", "us-east4")
              + "  placements: ["
              + placement
              + "]\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Tuple> attempts() {
    return CLUSTER.status(namespace, "job").attempts().stream()
        .map(each -> tuple(each.placement(), each.state(), each.reason()))
        .toList();
  }

  private void apply(String region, int epochs, String more) {
    if (!region.equals("us-east1")) {
      GOOGLE.cpus(region, 42);
    }
    CLUSTER.apply(
        namespace,
        """
        apiVersion: training.fashion-mnist.io/v1alpha1
        kind: FashionTrainingJob
        metadata: {name: job}
        spec:
          training: {epochs: %d, %s}
          output: {uri: "gs://my-results-%s/runs"}
          placements:
            - name: vertex
              maxQueueDuration: 20s
              vertex: {region: %s, machineType: n1-standard-4, %s}
            - {name: cluster, cluster: {}}
        """
            .formatted(epochs, SMALL, region, region, more));
  }
}
