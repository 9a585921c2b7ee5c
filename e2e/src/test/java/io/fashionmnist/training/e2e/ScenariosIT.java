package io.fashionmnist.training.e2e;

import static io.fashionmnist.training.e2e.TrainingCluster.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of jobs in an untroubled cluster. */
class ScenariosIT extends ClusterScenarios {
  @Test
  @DisplayName("a job trains, and shows its metrics while it does")
  void train() {
    apply("job", "training: {epochs: 2, %s}".formatted(SMALL));

    FashionTrainingJobStatus running = cluster.untilEpoch(namespace, "job", 1);
    assertThat(running.phase()).as("metrics come before the end").isEqualTo(Phase.RUNNING);
    assertThat(running.training().metrics().last().validationAccuracy()).isPositive();

    FashionTrainingJobStatus done = cluster.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.training().test().accuracy()).isGreaterThan(0.3);
    assertThat(done.training().perClass()).hasSize(10);
    assertThat(done.training().confusionMatrix()).hasSize(10);
    assertThat(done.model().uri()).startsWith("pvc://results/runs/job-").endsWith("/model");
    assertThat(done.attempts()).hasSize(1);
  }

  @Test
  @DisplayName("the pod is deleted during training: it continues from its checkpoint")
  void podDeleted() {
    apply("job", "training: {epochs: 8, %s}".formatted(SMALL));
    cluster.untilEpoch(namespace, "job", 2);
    Pod first = cluster.runningPod(namespace);

    cluster.client().resource(first).delete();

    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                !cluster
                    .runningPod(namespace)
                    .getMetadata()
                    .getUid()
                    .equals(first.getMetadata().getUid()));
    assertContinues(cluster.runningPod(namespace));
    FashionTrainingJobStatus done = cluster.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts()).hasSize(1);
    assertThat(done.failureCount()).as("an interruption is nobody's fault").isZero();
  }

  @Test
  @DisplayName("no pod is left in the namespace's quota: says so, and goes on when there is one")
  void quotaOfPods() {
    quota("pods");
    apply("job", "training: {epochs: 1, %s}".formatted(SMALL));

    untilReason("NamespaceQuota");
    deleteQuota();

    FashionTrainingJobStatus done = cluster.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts()).hasSize(1);
  }

  @Test
  @DisplayName("no Job is left in the namespace's quota: says so, and goes on when there is one")
  void quotaOfJobs() {
    quota("count/jobs.batch");
    apply("job", "training: {epochs: 1, %s}".formatted(SMALL));

    untilReason("NamespaceQuota");
    deleteQuota();

    FashionTrainingJobStatus done = cluster.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts()).hasSize(1);
    assertThat(cluster.jobs(namespace)).hasSize(1);
  }

  @Test
  @DisplayName("its queue has no room: says so, and trains when the queue lets it go")
  void queued() {
    apply(
        "job",
        "training: {epochs: 1, %s}\n  runPolicy: {schedulingPolicy: {queue: team}}"
            .formatted(SMALL));
    await().atMost(Duration.ofMinutes(1)).until(() -> cluster.jobs(namespace).size() == 1);

    // As a queue's controller does.
    suspendJob(true);
    untilReason("WaitingForQueue");
    suspendJob(false);

    FashionTrainingJobStatus done = cluster.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts()).hasSize(1);
  }

  private void suspendJob(boolean suspended) {
    cluster
        .client()
        .resource(cluster.jobs(namespace).getFirst())
        .edit(
            job -> {
              job.getSpec().setSuspend(suspended);
              return job;
            });
  }

  private void untilReason(String reason) {
    cluster.until(
        namespace,
        "job",
        status ->
            !status.attempts().isEmpty() && status.attempts().getLast().reason().equals(reason));
  }

  /** None of something. */
  private void quota(String resource) {
    cluster.apply(
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
                  cluster
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
    cluster.client().resourceQuotas().inNamespace(namespace).withName("none").delete();
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

    FashionTrainingJobStatus done = cluster.untilPhase(namespace, "job", Phase.FAILED);

    assertThat(done.attempts().getLast().reason()).isEqualTo("OOMKilled");
    assertThat(done.attempts().getLast().message()).contains("150Mi");
  }

  @Test
  @DisplayName("an image that nobody has: says so, and waits")
  void badImage() {
    apply("job", "trainer: {image: \"registry.invalid/team/none:1\", args: [x]}");

    FashionTrainingJobStatus waiting =
        cluster.until(
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

    FashionTrainingJobStatus done = cluster.untilPhase(namespace, "job", Phase.FAILED);

    assertThat(done.attempts()).hasSize(1);
    assertThat(done.attempts().getLast().reason()).isEqualTo("BadInput");
    assertThat(done.attempts().getLast().message()).contains("/input/nothing");
  }

  @Test
  @DisplayName("suspended and resumed: another attempt continues from the checkpoint")
  void suspendAndResume() {
    apply("job", "training: {epochs: 8, %s}".formatted(SMALL));
    cluster.untilEpoch(namespace, "job", 2);

    suspend(true);
    FashionTrainingJobStatus suspended = cluster.untilPhase(namespace, "job", Phase.SUSPENDED);
    assertThat(suspended.activeAttempt()).isNull();
    await().atMost(Duration.ofMinutes(2)).until(() -> cluster.pods(namespace).isEmpty());

    suspend(false);
    Pod second = cluster.runningPod(namespace);
    assertContinues(second);
    FashionTrainingJobStatus done = cluster.untilPhase(namespace, "job", Phase.SUCCEEDED);
    assertThat(done.attempts())
        .extracting(attempt -> attempt.state())
        .containsExactly(AttemptState.SUSPENDED, AttemptState.SUCCEEDED);
  }

  @Test
  @DisplayName("deleted while it runs: nothing is left")
  void deleted() {
    apply("job", "training: {epochs: 30, %s}".formatted(SMALL));
    cluster.runningPod(namespace);

    cluster.client().resource(cluster.job(namespace, "job")).delete();

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> cluster.pods(namespace).isEmpty() && cluster.jobs(namespace).isEmpty());
  }

  @Test
  @DisplayName("the namespace is deleted while it runs")
  void namespaceDeleted() {
    apply("job", "training: {epochs: 30, %s}".formatted(SMALL));
    cluster.runningPod(namespace);

    cluster.deleteNamespace(namespace);

    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> cluster.client().namespaces().withName(namespace).get() == null);
  }

  @Test
  @DisplayName("ttlSecondsAfterFinished: the Job goes, the result stays")
  void timeToLive() {
    apply(
        "job",
        "training: {epochs: 1, %s}\n  runPolicy: {ttlSecondsAfterFinished: 5}".formatted(SMALL));
    cluster.untilPhase(namespace, "job", Phase.SUCCEEDED);

    await().atMost(Duration.ofMinutes(1)).until(() -> cluster.jobs(namespace).isEmpty());

    await()
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(30))
        .until(() -> cluster.jobs(namespace).isEmpty());
    assertThat(cluster.status(namespace, "job").phase()).isEqualTo(Phase.SUCCEEDED);
  }

  @Test
  @DisplayName("cleanPodPolicy All: the pod goes with the end, the Job stays")
  void cleanPods() {
    apply("job", "training: {epochs: 1, %s}\n  runPolicy: {cleanPodPolicy: All}".formatted(SMALL));
    cluster.untilPhase(namespace, "job", Phase.SUCCEEDED);

    await().atMost(Duration.ofMinutes(1)).until(() -> cluster.pods(namespace).isEmpty());

    assertThat(cluster.jobs(namespace)).hasSize(1);
    assertThat(cluster.status(namespace, "job").phase()).isEqualTo(Phase.SUCCEEDED);
  }

  @Test
  @DisplayName("activeDeadlineSeconds: ended in time, and failed")
  void deadline() {
    apply(
        "job",
        "training: {epochs: 100, %s}\n  runPolicy: {activeDeadlineSeconds: 15}".formatted(SMALL));

    FashionTrainingJobStatus done = cluster.untilPhase(namespace, "job", Phase.FAILED);

    assertThat(done.attempts().getLast().message()).contains("runPolicy.activeDeadlineSeconds");
    await().atMost(Duration.ofMinutes(2)).until(() -> cluster.pods(namespace).isEmpty());
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

    FashionTrainingJobStatus done = cluster.untilPhase(namespace, "job", Phase.SUCCEEDED);

    assertThat(done.attempts())
        .extracting(attempt -> attempt.placement() + " " + attempt.state())
        .containsExactly("pool OUT_OF_CAPACITY", "anywhere SUCCEEDED");
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

  private void suspend(boolean suspended) {
    cluster.suspend(namespace, "job", suspended);
  }
}
