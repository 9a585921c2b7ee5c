package io.fashionmnist.training.e2e;

import static io.fashionmnist.training.e2e.TrainingCluster.SMALL;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** What becomes of jobs while the operator, the API server or the node is gone or replaced. */
class OutageScenariosIT extends ClusterScenarios {
  @Test
  @DisplayName("the leading replica is killed during training: the other one leads")
  void leaderKilled() {
    onThisMachine();
    Pod pod = train(8);
    String leader = cluster.leader();

    // Else the pod's next process may be there, under the same name, before the Lease is over.
    TrainingCluster.run("hack/cluster.sh", "stop", "kubelet");
    try {
      cluster.killProcessOf(leader);
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () -> assertThat(cluster.leader()).isIn(cluster.operatorPods()).isNotEqualTo(leader));
    } finally {
      TrainingCluster.run("hack/cluster.sh", "start", "kubelet");
    }

    assertEndsIn(pod);
  }

  @Test
  @DisplayName("both replicas are killed: at the start, in training, at the end")
  void bothKilled() {
    onThisMachine();
    apply("job", "training: {epochs: 6, %s}".formatted(SMALL));
    killBoth();
    cluster.untilOperatorIsReady();
    cluster.untilEpoch(namespace, "job", 1);
    Pod pod = cluster.runningPod(namespace);
    killBoth();
    cluster.untilOperatorIsReady();
    await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> "Succeeded".equals(cluster.client().resource(pod).get().getStatus().getPhase()));
    killBoth();

    assertEndsIn(pod);
  }

  @Test
  @EnabledIfEnvironmentVariable(
      named = "E2E_LONG",
      matches = "1",
      disabledReason = ScenarioTable.LONG)
  @DisplayName("the kubelet is gone for a while: the pod trains on")
  void kubeletLost() {
    onThisMachine();
    Pod pod = train(20);

    TrainingCluster.run("hack/cluster.sh", "stop", "kubelet");
    try {
      // No pod is evicted from a cluster's only node; its containers go on by themselves.
      await().atMost(Duration.ofMinutes(2)).until(() -> !cluster.nodeIsReady());
    } finally {
      TrainingCluster.run("hack/cluster.sh", "start", "kubelet");
    }

    assertEndsIn(pod);
  }

  @Test
  @DisplayName(
      "the node is lost and its pod evicted: it says so, and continues from the checkpoint")
  void nodeLost() {
    onThisMachine();
    apply(
        "job",
        """
        training: {epochs: 200, %s}
          placements:
            - name: here
              cluster:
                tolerations:
                  - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 30}
                  - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 30}
        """
            .formatted(SMALL)
            .strip());
    cluster.untilEpoch(namespace, "job", 1);

    // Where no node is left at all, nothing is evicted.
    try (HealthyNode _ = HealthyNode.join(cluster.client())) {
      TrainingCluster.run("hack/cluster.sh", "stop", "kubelet");
      try {
        FashionTrainingJobStatus lost =
            cluster.until(
                namespace,
                "job",
                status -> status.attempts().getLast().reason().equals("NodeLost"));
        assertThat(lost.phase()).isEqualTo(Phase.RESTARTING);
      } finally {
        TrainingCluster.run("hack/cluster.sh", "start", "kubelet");
      }
    }
    await().atMost(Duration.ofMinutes(2)).until(cluster::nodeIsReady);

    FashionTrainingJobStatus again =
        cluster.until(namespace, "job", status -> status.phase() == Phase.RUNNING);
    assertContinues(cluster.runningPod(namespace));
    assertThat(again.attempts()).hasSize(1);
    assertThat(again.failureCount()).as("a lost node is nobody's fault").isZero();
  }

  @Test
  @DisplayName("the API server is restarted during training")
  void apiServerRestarted() {
    onThisMachine();
    Pod pod = train(8);

    TrainingCluster.run("hack/cluster.sh", "stop", "apiserver");
    TrainingCluster.run("hack/cluster.sh", "start", "apiserver");

    assertEndsIn(pod);
  }

  @Test
  @DisplayName("the chart is upgraded during training: the pod goes on")
  void upgraded() {
    Pod pod = train(8);
    List<String> before = cluster.operatorPods();

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
            () -> assertThat(cluster.operatorPods()).doesNotContainAnyElementsOf(before));
    assertEndsIn(pod);
  }

  private void killBoth() {
    cluster.operatorPods().forEach(cluster::killProcessOf);
  }

  /** Faults of processes are for a cluster whose processes are here. */
  private static void onThisMachine() {
    assumeTrue(
        "local".equals(System.getenv().getOrDefault("CLUSTER", "local")),
        "only with CLUSTER=local");
  }

  /** A pod that has trained for an epoch. */
  private Pod train(int epochs) {
    apply("job", "training: {epochs: %d, %s}".formatted(epochs, SMALL));
    cluster.untilEpoch(namespace, "job", 1);
    return cluster.runningPod(namespace);
  }

  /** The job succeeds in its one attempt, and in that pod. */
  private void assertEndsIn(Pod pod) {
    FashionTrainingJobStatus status = cluster.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(status.attempts()).hasSize(1);
    assertThat(status.attempts().getFirst().state()).isEqualTo(AttemptState.SUCCEEDED);
    assertThat(cluster.jobs(namespace)).hasSize(1);
    assertThat(cluster.pods(namespace))
        .singleElement()
        .satisfies(
            each -> assertThat(each.getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid()));
  }
}
