package io.fashionmnist.training.e2e;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Scenarios of jobs in the cluster. Each has a namespace of its own. */
@ExtendWith(ScenarioTable.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(420)
abstract class ClusterScenarios {
  final TrainingCluster cluster = new TrainingCluster();
  String namespace;

  @AfterAll
  void close() {
    cluster.close();
  }

  @BeforeEach
  void makeNamespace(TestInfo test) {
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase();
    cluster.untilOperatorIsReady();
    cluster.makeNamespace(namespace);
  }

  @AfterEach
  void deleteNamespace() {
    cluster.deleteNamespace(namespace);
    // The next scenario is to have the processors.
    await().atMost(Duration.ofMinutes(2)).until(() -> cluster.pods(namespace).isEmpty());
  }

  void apply(String name, String spec) {
    cluster.apply(
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

  void assertContinues(Pod pod) {
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .until(() -> log(pod).contains("Continues from a checkpoint"));
  }

  private String log(Pod pod) {
    return cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .getLog();
  }
}
