package io.fashionmnist.training.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** What becomes of jobs, whatever happens around them. Each scenario has a namespace of its own. */
@ExtendWith(ScenarioTable.class)
@Isolated("it stops what others need")
@Timeout(420)
class ScenariosIT {
  private static final TrainingCluster CLUSTER = new TrainingCluster();

  /** Some seconds an epoch, on all 60,000 images. */
  private static final String SMALL = "batchSize: 512, model: {filters: [4], denseUnits: 8}";

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
    CLUSTER.deleteNamespace(namespace);
    // The next scenario is to have the processors.
    await().atMost(Duration.ofMinutes(2)).until(() -> CLUSTER.pods(namespace).isEmpty());
  }

  @Test
  @DisplayName("a job trains, and shows its metrics while it does")
  void train() {
    apply("job", "training: {epochs: 2, %s}".formatted(SMALL));

    FashionTrainingJobStatus running = CLUSTER.untilEpoch(namespace, "job", 1);
    assertThat(running.phase()).as("metrics come before the end").isEqualTo(Phase.RUNNING);
    assertThat(running.training().metrics().last().validationAccuracy()).isPositive();

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.training().test().accuracy()).isGreaterThan(0.3);
    assertThat(done.training().perClass()).hasSize(10);
    assertThat(done.training().confusionMatrix()).hasSize(10);
    assertThat(done.model().uri()).startsWith("pvc://results/runs/job-").endsWith("/model");
    assertThat(done.attempts()).hasSize(1);
  }

  @Test
  @DisplayName("the leading replica is killed during training")
  void leaderKilled() {
    onThisMachine();
    apply("job", "training: {epochs: 8, %s}".formatted(SMALL));
    CLUSTER.untilEpoch(namespace, "job", 1);
    Pod pod = CLUSTER.runningPod(namespace);
    String leader = CLUSTER.leader();

    CLUSTER.killProcessOf(leader);

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertOneAttemptIn(done, pod);
  }

  @Test
  @DisplayName("both replicas are killed: at the start, in training, at the end")
  void bothKilled() {
    onThisMachine();
    apply("job", "training: {epochs: 6, %s}".formatted(SMALL));
    killBoth();
    CLUSTER.untilOperatorIsReady();
    CLUSTER.untilEpoch(namespace, "job", 1);
    Pod pod = CLUSTER.runningPod(namespace);
    killBoth();
    CLUSTER.untilOperatorIsReady();
    await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> "Succeeded".equals(CLUSTER.client().resource(pod).get().getStatus().getPhase()));
    killBoth();

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertOneAttemptIn(done, pod);
  }

  @Test
  @DisplayName("the pod is deleted during training: it continues from its checkpoint")
  void podDeleted() {
    apply("job", "training: {epochs: 8, %s}".formatted(SMALL));
    CLUSTER.untilEpoch(namespace, "job", 2);
    Pod first = CLUSTER.runningPod(namespace);

    CLUSTER.client().resource(first).delete();

    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                !CLUSTER
                    .runningPod(namespace)
                    .getMetadata()
                    .getUid()
                    .equals(first.getMetadata().getUid()));
    assertContinues(CLUSTER.runningPod(namespace));
    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts()).hasSize(1);
    assertThat(done.failureCount()).as("an interruption is nobody's fault").isZero();
  }

  @Test
  @DisplayName("the kubelet is gone for a while: the pod trains on")
  void kubeletLost() {
    onThisMachine();
    apply("job", "training: {epochs: 20, %s}".formatted(SMALL));
    CLUSTER.untilEpoch(namespace, "job", 1);
    Pod pod = CLUSTER.runningPod(namespace);

    TrainingCluster.run("hack/cluster.sh", "stop", "kubelet");
    try {
      // No pod is evicted from a cluster's only node; its containers go on by themselves.
      await().atMost(Duration.ofMinutes(2)).until(() -> !CLUSTER.nodeIsReady());
    } finally {
      TrainingCluster.run("hack/cluster.sh", "start", "kubelet");
    }

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertOneAttemptIn(done, pod);
  }

  @Test
  @DisplayName(
      "the node is lost and its pod evicted: it says so, and continues from the checkpoint")
  void nodeLost() {
    onThisMachine();
    apply(
        "job",
        """
        training: {epochs: 40, %s}
          placements:
            - name: here
              cluster:
                tolerations:
                  - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 30}
                  - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 30}
        """
            .formatted(SMALL)
            .strip());
    CLUSTER.untilEpoch(namespace, "job", 1);

    // Where no node is left at all, nothing is evicted.
    try (HealthyNode _ = HealthyNode.join(CLUSTER.client())) {
      TrainingCluster.run("hack/cluster.sh", "stop", "kubelet");
      try {
        FashionTrainingJobStatus lost =
            CLUSTER.until(
                namespace,
                "job",
                status -> status.attempts().getLast().reason().equals("NodeLost"));
        assertThat(lost.phase()).isEqualTo(Phase.RESTARTING);
      } finally {
        TrainingCluster.run("hack/cluster.sh", "start", "kubelet");
      }
    }
    await().atMost(Duration.ofMinutes(2)).until(CLUSTER::nodeIsReady);

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts()).hasSize(1);
    assertThat(done.failureCount()).as("a lost node is nobody's fault").isZero();
  }

  @Test
  @DisplayName("no pod is left in the namespace's quota: says so, and goes on when there is one")
  void quotaOfPods() {
    quota("pods");
    apply("job", "training: {epochs: 1, %s}".formatted(SMALL));

    untilReason("NamespaceQuota");
    deleteQuota();

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts()).hasSize(1);
  }

  @Test
  @DisplayName("no Job is left in the namespace's quota: says so, and goes on when there is one")
  void quotaOfJobs() {
    quota("count/jobs.batch");
    apply("job", "training: {epochs: 1, %s}".formatted(SMALL));

    untilReason("NamespaceQuota");
    deleteQuota();

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts()).hasSize(1);
    assertThat(CLUSTER.jobs(namespace)).hasSize(1);
  }

  @Test
  @DisplayName("its queue has no room: says so, and trains when the queue lets it go")
  void queued() {
    apply(
        "job",
        "training: {epochs: 1, %s}\n  runPolicy: {schedulingPolicy: {queue: team}}"
            .formatted(SMALL));
    await().atMost(Duration.ofMinutes(1)).until(() -> CLUSTER.jobs(namespace).size() == 1);

    // As a queue's controller does.
    suspendJob(true);
    untilReason("WaitingForQueue");
    suspendJob(false);

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts()).hasSize(1);
  }

  private void suspendJob(boolean suspended) {
    CLUSTER
        .client()
        .resource(CLUSTER.jobs(namespace).getFirst())
        .edit(
            job -> {
              job.getSpec().setSuspend(suspended);
              return job;
            });
  }

  private void untilReason(String reason) {
    CLUSTER.until(
        namespace,
        "job",
        status ->
            !status.attempts().isEmpty() && status.attempts().getLast().reason().equals(reason));
  }

  /** None of something. */
  private void quota(String resource) {
    CLUSTER.apply(
        namespace,
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: none}
        spec: {hard: {"%s": "0"}}
        """
            .formatted(resource));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              var status =
                  CLUSTER
                      .client()
                      .resourceQuotas()
                      .inNamespace(namespace)
                      .withName("none")
                      .get()
                      .getStatus();
              return status != null && status.getHard().containsKey(resource);
            });
  }

  private void deleteQuota() {
    CLUSTER.client().resourceQuotas().inNamespace(namespace).withName("none").delete();
  }

  @Test
  @DisplayName("too little memory: failed, with the limit")
  void outOfMemory() {
    apply(
        "job",
        """
        training: {epochs: 2, %s}
          runPolicy: {backoffLimit: 0}
          placements:
            - {name: tight, cluster: {resources: {requests: {cpu: 500m}, limits: {memory: 150Mi}}}}
        """
            .formatted(SMALL)
            .strip());

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.FAILED);

    assertThat(done.attempts().getLast().reason()).isEqualTo("OOMKilled");
    assertThat(done.attempts().getLast().message()).contains("150Mi");
  }

  @Test
  @DisplayName("an image that nobody has: says so, and waits")
  void badImage() {
    apply("job", "trainer: {image: \"registry.invalid/team/none:1\", args: [x]}");

    FashionTrainingJobStatus waiting =
        CLUSTER.until(
            namespace,
            "job",
            status ->
                !status.attempts().isEmpty()
                    && status.attempts().getLast().reason().equals("ImagePullFailed"));

    assertThat(waiting.phase()).isEqualTo(Phase.QUEUED);
    assertThat(waiting.attempts().getLast().message()).contains("registry.invalid/team/none:1");
  }

  @Test
  @DisplayName("data that are not there: failed at once, in the trainer's words")
  void badData() {
    apply("job", "data: {uri: \"pvc://results/nothing\"}");

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.FAILED);

    assertThat(done.attempts()).hasSize(1);
    assertThat(done.attempts().getLast().reason()).isEqualTo("BadInput");
    assertThat(done.attempts().getLast().message()).contains("/input/nothing");
  }

  @Test
  @DisplayName("suspended and resumed: another attempt continues from the checkpoint")
  void suspendAndResume() {
    apply("job", "training: {epochs: 8, %s}".formatted(SMALL));
    CLUSTER.untilEpoch(namespace, "job", 2);

    suspend(true);
    FashionTrainingJobStatus suspended = CLUSTER.untilPhase(namespace, "job", Phase.SUSPENDED);
    assertThat(suspended.activeAttempt()).isNull();
    await().atMost(Duration.ofMinutes(2)).until(() -> CLUSTER.pods(namespace).isEmpty());

    suspend(false);
    Pod second = CLUSTER.runningPod(namespace);
    assertContinues(second);
    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts())
        .extracting(attempt -> attempt.state())
        .containsExactly(AttemptState.SUSPENDED, AttemptState.SUCCEEDED);
  }

  @Test
  @DisplayName("deleted while it runs: nothing is left")
  void deleted() {
    apply("job", "training: {epochs: 30, %s}".formatted(SMALL));
    CLUSTER.runningPod(namespace);

    CLUSTER.client().resource(CLUSTER.job(namespace, "job")).delete();

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> CLUSTER.pods(namespace).isEmpty() && CLUSTER.jobs(namespace).isEmpty());
  }

  @Test
  @DisplayName("the namespace is deleted while it runs")
  void namespaceDeleted() {
    apply("job", "training: {epochs: 30, %s}".formatted(SMALL));
    CLUSTER.runningPod(namespace);

    CLUSTER.deleteNamespace(namespace);

    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> CLUSTER.client().namespaces().withName(namespace).get() == null);
  }

  @Test
  @DisplayName("ttlSecondsAfterFinished: the Job goes, the result stays")
  void timeToLive() {
    apply(
        "job",
        "training: {epochs: 1, %s}\n  runPolicy: {ttlSecondsAfterFinished: 5}".formatted(SMALL));
    CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);

    await().atMost(Duration.ofMinutes(1)).until(() -> CLUSTER.jobs(namespace).isEmpty());

    await()
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(30))
        .until(() -> CLUSTER.jobs(namespace).isEmpty());
    assertThat(CLUSTER.status(namespace, "job").phase()).isEqualTo(Phase.SUCCEEDED);
  }

  @Test
  @DisplayName("cleanPodPolicy All: the pod goes with the end, the Job stays")
  void cleanPods() {
    apply("job", "training: {epochs: 1, %s}\n  runPolicy: {cleanPodPolicy: All}".formatted(SMALL));
    CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);

    await().atMost(Duration.ofMinutes(1)).until(() -> CLUSTER.pods(namespace).isEmpty());

    assertThat(CLUSTER.jobs(namespace)).hasSize(1);
    assertThat(CLUSTER.status(namespace, "job").phase()).isEqualTo(Phase.SUCCEEDED);
  }

  @Test
  @DisplayName("activeDeadlineSeconds: ended in time, and failed")
  void deadline() {
    apply(
        "job",
        "training: {epochs: 100, %s}\n  runPolicy: {activeDeadlineSeconds: 15}".formatted(SMALL));

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.FAILED);

    assertThat(done.attempts().getLast().message()).contains("runPolicy.activeDeadlineSeconds");
    await().atMost(Duration.ofMinutes(2)).until(() -> CLUSTER.pods(namespace).isEmpty());
  }

  @Test
  @DisplayName("the API server is restarted during training")
  void apiServerRestarted() {
    onThisMachine();
    apply("job", "training: {epochs: 8, %s}".formatted(SMALL));
    CLUSTER.untilEpoch(namespace, "job", 1);
    Pod pod = CLUSTER.runningPod(namespace);

    TrainingCluster.run("hack/cluster.sh", "stop", "apiserver");
    TrainingCluster.run("hack/cluster.sh", "start", "apiserver");

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertOneAttemptIn(done, pod);
  }

  @Test
  @DisplayName("no room at the first placement: the next one takes it")
  void fallback() {
    apply(
        "job",
        """
        training: {epochs: 1, %s}
          placements:
            - {name: pool, maxQueueDuration: 5s, cluster: {nodeSelector: {pool: none}}}
            - {name: anywhere, cluster: {}}
        """
            .formatted(SMALL)
            .strip());

    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);

    assertThat(done.attempts())
        .extracting(attempt -> attempt.placement() + " " + attempt.state())
        .containsExactly("pool OUT_OF_CAPACITY", "anywhere SUCCEEDED");
  }

  @Test
  @DisplayName("the chart is upgraded during training: the pod goes on")
  void upgraded() {
    apply("job", "training: {epochs: 8, %s}".formatted(SMALL));
    CLUSTER.untilEpoch(namespace, "job", 1);
    Pod pod = CLUSTER.runningPod(namespace);
    List<String> before = CLUSTER.operatorPods();

    TrainingCluster.run(
        System.getenv("HELM"),
        "upgrade",
        "fashion-training-operator",
        "helm/fashion-training-operator",
        "--namespace",
        TrainingCluster.OPERATOR_NAMESPACE,
        "--reuse-values",
        "--set-string",
        "podAnnotations.upgraded=" + Instant.now().getEpochSecond(),
        "--wait",
        "--timeout",
        "100s");

    // Those of before are on their way out.
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> assertThat(CLUSTER.operatorPods()).doesNotContainAnyElementsOf(before));
    FashionTrainingJobStatus done = CLUSTER.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertOneAttemptIn(done, pod);
  }

  @Test
  @DisplayName("every example is taken by the server")
  void examples() {
    TrainingCluster.run(
        "hack/cluster.sh",
        "kubectl",
        "apply",
        "--dry-run=server",
        "--namespace",
        namespace,
        "--recursive",
        "--filename",
        "examples");
  }

  private void apply(String name, String spec) {
    CLUSTER.apply(
        namespace,
        """
        apiVersion: training.fashion-mnist.io/v1alpha1
        kind: FashionTrainingJob
        metadata: {name: %s}
        spec:
          output: {uri: "pvc://results/runs"}
          %s
        """
            .formatted(name, spec));
  }

  private void suspend(boolean suspended) {
    CLUSTER.suspend(namespace, "job", suspended);
  }

  private static void killBoth() {
    CLUSTER.operatorPods().forEach(CLUSTER::killProcessOf);
  }

  /** Faults of processes are for a cluster whose processes are here. */
  private static void onThisMachine() {
    assumeTrue(
        "local".equals(System.getenv().getOrDefault("CLUSTER", "local")),
        "only with CLUSTER=local");
  }

  private void assertOneAttemptIn(FashionTrainingJobStatus status, Pod pod) {
    assertThat(status.attempts()).hasSize(1);
    assertThat(status.attempts().getFirst().state()).isEqualTo(AttemptState.SUCCEEDED);
    assertThat(CLUSTER.jobs(namespace)).hasSize(1);
    assertThat(CLUSTER.pods(namespace))
        .singleElement()
        .satisfies(
            each -> assertThat(each.getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid()));
  }

  private void assertContinues(Pod pod) {
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .until(
            () ->
                CLUSTER.client().resource(pod) != null
                    && log(pod).contains("Continues from a checkpoint"));
  }

  private String log(Pod pod) {
    return CLUSTER
        .client()
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .getLog();
  }
}
