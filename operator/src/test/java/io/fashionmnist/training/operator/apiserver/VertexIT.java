package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/**
 * Placements on Vertex AI: the operator with the chart's rights, and an emulator of the service.
 */
@Timeout(600)
class VertexIT {
  private static final String CPUS = "custom_model_training_cpus";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static InstalledChart chart;
  private static KubernetesClient admin;
  private String namespace;
  private EmulatorProcess vertex;

  @BeforeAll
  static void install() {
    chart = InstalledChart.start();
    admin = chart.admin();
  }

  @AfterAll
  static void uninstall() {
    if (chart != null) {
      chart.close();
    }
  }

  @BeforeEach
  void makeNamespace(TestInfo test) {
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase();
    chart.makeNamespace(namespace);
    vertex = EmulatorProcess.start("{buckets: {central: us-central1, west: us-west1}}");
  }

  @AfterEach
  void stopTheEmulator() {
    vertex.close();
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
    vertex.limit("us-central1", CPUS, 0);
    vertex.limit("us-west1", CPUS, 2);
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofSeconds(1))) {
      create("job");

      awaitPhase("job", Phase.SUCCEEDED);

      assertThat(status("job").attempts())
          .extracting(Attempt::placement, Attempt::state)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("central", AttemptState.OUT_OF_CAPACITY),
              org.assertj.core.groups.Tuple.tuple("west", AttemptState.OUT_OF_CAPACITY),
              org.assertj.core.groups.Tuple.tuple("here", AttemptState.SUCCEEDED));
      assertThat(status("job").attempts().getFirst().quotaMetrics()).containsExactly(CPUS);
      assertThat(condition("job", "QuotaAvailable")).isEqualTo("False");
      assertThat(vertex.jobs()).isEmpty();
    }
  }

  private OperatorProcess start(String name) {
    return OperatorProcess.start(
            name,
            chart,
            chart.settings().replaceAll("(?m)^(tenants|vertex):.*$", "")
                + """

                tenants: [{projects: [shop], regions: ["us-*"]}]
                vertex: {project: shop, emulator: "%s", storage: "http://127.0.0.1:1", interval: 1s, quotaInterval: 2s}
                """
                    .formatted(vertex.endpoint()))
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

  private GenericKubernetesResource create(String name) {
    return admin
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: training.fashion-mnist.io/v1alpha1
                kind: FashionTrainingJob
                metadata: {name: %s}
                spec:
                  output: {uri: gs://central/runs}
                  placements:
                    - {name: central, vertex: {region: us-central1, machineType: n1-standard-4}}
                    - {name: west, vertex: {region: us-west1, machineType: n1-standard-4, outputUri: gs://west/runs}}
                    - {name: here, cluster: {}}
                """
                    .formatted(name),
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
