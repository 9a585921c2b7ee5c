package io.fashionmnist.training.e2e;

import static io.fashionmnist.training.e2e.TrainingCluster.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the team sees after a training is the same wherever it ran: a run, and a model's version.
 */
@ExtendWith(ScenarioTable.class)
@Timeout(420)
class ExperimentScenariosIT {
  private static final TrainingCluster CLUSTER = new TrainingCluster();
  private static final GoogleCloud GOOGLE = new GoogleCloud(CLUSTER.client());
  private static final String REGION = "us-east4";

  private String namespace;

  @AfterAll
  static void close() {
    CLUSTER.close();
  }

  @BeforeEach
  void makeNamespace(TestInfo test) {
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    CLUSTER.untilOperatorIsReady();
    CLUSTER.makeNamespace(namespace);
  }

  @AfterEach
  void deleteNamespace() {
    CLUSTER.deleteNamespace(namespace);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> CLUSTER.client().namespaces().withName(namespace).get() == null);
  }

  @Test
  @DisplayName("tracked and registered from a custom job")
  void trackedOnVertex() {
    GOOGLE.cpus(REGION, 42);
    trackedAndRegistered(
        "{name: vertex, vertex: {region: us-east4, machineType: n1-standard-4}}", Backend.VERTEX);
  }

  @Test
  @DisplayName("tracked and registered from a pod")
  void trackedInTheCluster() {
    trackedAndRegistered("{name: cluster, cluster: {}}", Backend.CLUSTER);
  }

  private void trackedAndRegistered(String placement, Backend backend) {
    CLUSTER.apply(
        namespace,
        """
        apiVersion: training.fashion-mnist.io/v1alpha1
        kind: FashionTrainingJob
        metadata: {name: job}
        spec:
          training: {epochs: 2, %s}
          output: {uri: "gs://my-results-us-east4/runs"}
          tracking: {experiment: %s, location: us-east4}
          registry: {modelId: %s, location: us-east4, aliases: [champion], minimumAccuracy: 0.3}
          placements: [%s]
        """
            .formatted(SMALL, namespace, namespace, placement));

    FashionTrainingJobStatus done =
        CLUSTER.until(
            namespace,
            "job",
            status ->
                status
                    .condition(FashionTrainingJob.MODEL_REGISTERED)
                    .filter(each -> each.status().equals("True"))
                    .isPresent());

    assertThat(done.phase()).isEqualTo(Phase.SUCCEEDED);
    assertThat(done.backend()).isEqualTo(backend);
    // The name has the project's number, and the version is of its model.
    String model = done.model().registryName();
    assertThat(model).endsWith("/locations/us-east4/models/" + namespace);
    assertThat(GOOGLE.get(model + "@champion").get("artifactUri").asText())
        .isEqualTo(done.model().uri());
    JsonNode evaluation = GOOGLE.get(model + "@champion/evaluations").at("/modelEvaluations/0");
    assertThat(evaluation.at("/metadata/accuracy").asDouble())
        .isEqualTo(done.training().test().accuracy());
    JsonNode run = run(model.substring(0, model.indexOf("/models/")));
    assertThat(run.at("/metadata/_state").asText()).isEqualTo("COMPLETE");
    assertThat(run.at("/metadata/_params/backend").asText()).isEqualTo(backend.text());
    assertThat(run.at("/metadata/_metrics").path("test.accuracy").asDouble())
        .isEqualTo(done.training().test().accuracy());
  }

  /** The one run of the namespace's experiment. */
  private JsonNode run(String location) {
    for (JsonNode context :
        GOOGLE.get(location + "/metadataStores/default/contexts?pageSize=1000").get("contexts")) {
      if (context.get("schemaTitle").asText().equals("system.ExperimentRun")
          && context.get("name").asText().contains("/contexts/" + namespace + "-")) {
        return context;
      }
    }
    throw new AssertionError("no run of " + namespace);
  }
}
