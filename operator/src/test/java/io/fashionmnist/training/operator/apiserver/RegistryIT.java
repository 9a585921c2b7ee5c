package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.testing.EmulatorProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/**
 * Models of succeeded jobs: the operator with the chart's rights, and an emulator of the registry.
 */
@Timeout(600)
class RegistryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String MODELS = "projects/shop/locations/us-central1/models";
  private static final String REPORT =
      """
      {"attempt": 1, "epoch": 2, "epochs": 2, "progressPercentage": 100,
       "test": {"images": 8, "loss": 0.5, "accuracy": 0.75, "macro": {"f1Score": 0.745098}},
       "perClass": [{"label": 0, "name": "Shirt", "precision": 0.6, "recall": 1.0, "support": 3},
                    {"label": 1, "name": "Coat", "precision": 1.0, "recall": 0.6, "support": 5}],
       "confusionMatrix": [[3, 0], [2, 3]]}
      """;

  private static InstalledChart chart;
  private static KubernetesClient admin;
  private static ReportBuckets buckets;
  private String namespace;
  private EmulatorProcess vertex;

  @BeforeAll
  static void install() {
    chart = InstalledChart.start();
    admin = chart.admin();
    buckets = ReportBuckets.start(REPORT);
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
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase();
    chart.makeNamespace(namespace);
    vertex = EmulatorProcess.start("{port: 0, buckets: {central: us-central1}}");
  }

  @AfterEach
  void stopTheEmulator() {
    vertex.close();
  }

  @Test
  void eachSuccessIsAVersionWithItsEvaluationAndTheAliasMoves() {
    try (OperatorProcess operator = start("one")) {
      create("first", "{modelId: fashion, aliases: [champion], minimumAccuracy: 0.7}");
      awaitRegistered("first", "True", "Registered");
      create("second", "{modelId: fashion, aliases: [champion], minimumAccuracy: 0.7}");
      awaitRegistered("second", "True", "Registered");

      var model = status("second").model();
      assertThat(model.registryName())
          .matches("projects/\\d+/locations/us-central1/models/fashion");
      assertThat(model.version()).isEqualTo("2");
      assertThat(model.uploadOperation()).isNull();
      assertThat(versions("fashion")).containsExactly("1: first [default]", "2: second [champion]");
      JsonNode version = vertex.get(MODELS + "/fashion@champion");
      assertThat(version.get("artifactUri").asText()).isEqualTo(model.uri());
      assertThat(version.at("/containerSpec/imageUri").asText()).contains("tf2-cpu");
      assertThat(version.get("versionDescription").asText()).contains("test accuracy 0.75");
      JsonNode evaluations = vertex.get(MODELS + "/fashion@2/evaluations").get("modelEvaluations");
      assertThat(evaluations).hasSize(1);
      assertThat(evaluations.at("/0/metrics/confusionMatrix/rows").toString())
          .isEqualTo("[[3.0,0.0],[2.0,3.0]]");
      assertThat(evaluations.at("/0/metadata/perClass/1/displayName").asText()).isEqualTo("Coat");
      await()
          .untilAsserted(() -> assertThat(get("second").getMetadata().getFinalizers()).isEmpty());
      await()
          .untilAsserted(
              () ->
                  assertThat(RecordedEvents.reasons(admin, namespace)).contains("ModelRegistered"));
      assertThat(operator.log()).doesNotContainIgnoringCase("forbidden");
    }
  }

  @Test
  void belowTheBarNothingIsUploadedUntilTheBarIsLowered() {
    try (var _ = start("one")) {
      create("job", "{modelId: fashion, minimumAccuracy: 0.9}");

      awaitRegistered("job", "False", "AccuracyBelowThreshold");

      assertThat(registered("job").orElseThrow().message()).contains("0.75").contains("0.9");
      assertThat(status("job").phase()).isEqualTo(Phase.SUCCEEDED);
      assertThat(vertex.calls("UploadModel", "us-central1")).isZero();

      edit("job", "{\"spec\": {\"registry\": {\"minimumAccuracy\": 0.5}}}");
      awaitRegistered("job", "True", "Registered");
      assertThat(versions("fashion")).containsExactly("1: job [default]");
    }
  }

  @Test
  void aServiceThatIsDownForAWhileIsWaitedFor() {
    vertex.fault("{fault: unavailable, call: ListModelVersions}");
    try (var _ = start("one")) {
      create("job", "{modelId: fashion}");

      awaitRegistered("job", "Unknown", "ServiceFault");
      assertThat(status("job").phase()).isEqualTo(Phase.SUCCEEDED);
      vertex.heal();

      awaitRegistered("job", "True", "Registered");
      assertThat(vertex.calls("UploadModel", "us-central1")).isEqualTo(1);
    }
  }

  @Test
  void anUploadThatTakesLongAndFailsOnceIsBegunAgain() {
    vertex.fault(
        "{name: once, fault: failed, call: UploadModel, delay: 3s, count: 1, code: internal}");
    vertex.fault("{fault: operation-lag, delay: 3s}");
    try (var _ = start("one")) {
      create("job", "{modelId: fashion}");

      awaitRegistered("job", "True", "Registered");

      assertThat(versions("fashion")).containsExactly("1: job [default]");
      assertThat(vertex.calls("UploadModel", "us-central1")).isEqualTo(2);
    }
  }

  @Test
  void saysWhichRoleIsMissing() {
    vertex.fault("{fault: permission-denied, call: UploadModel}");
    try (var _ = start("one")) {
      create("job", "{modelId: fashion}");

      awaitRegistered("job", "False", "PermissionDenied");

      assertThat(registered("job").orElseThrow().message())
          .contains("aiplatform.models.upload")
          .contains(
              "grant the service account registrar@shop.iam.gserviceaccount.com roles/aiplatform.user on"
                  + " project shop");
      assertThat(status("job").phase()).isEqualTo(Phase.SUCCEEDED);
      await()
          .untilAsserted(
              () ->
                  assertThat(RecordedEvents.reasons(admin, namespace))
                      .contains("ModelNotRegistered"));
      await().untilAsserted(() -> assertThat(get("job").getMetadata().getFinalizers()).isEmpty());
    }
  }

  @Test
  void oneVersionThoughTheOperatorIsKilledBeforeItKnows() {
    vertex.fault("{fault: deadline-exceeded-after-commit, call: UploadModel, count: 1}");
    vertex.fault("{fault: list-lag, call: UploadModel, delay: 5s}");
    try (OperatorProcess operator = start("one")) {
      create("job", "{modelId: fashion, aliases: [champion]}");
      await().atMost(PATIENCE).until(() -> vertex.calls("UploadModel", "us-central1") == 1);
      operator.kill();
      assertThat(status("job").model().version()).isNull();
      assertThat(status("job").model().uploadTime()).isNotNull();
    }
    try (var _ = start("two")) {
      awaitRegistered("job", "True", "Registered");
      assertThat(versions("fashion")).containsExactly("1: job [champion, default]");
      assertThat(vertex.calls("UploadModel", "us-central1")).isEqualTo(1);
    }
  }

  @Test
  void aModelFromTheClusterIsRegisteredToo() {
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofSeconds(1))) {
      create(
          "job",
          "{modelId: fashion, minimumAccuracy: 0.7}",
          "gs://central/runs",
          "{name: here, cluster: {}}");

      awaitRegistered("job", "True", "Registered");

      // Its trainer has posted nothing: what counts is what it has left in the bucket.
      assertThat(status("job").training().test().accuracy()).isEqualTo(0.75);
      assertThat(registered("job").orElseThrow().message()).contains("with its evaluation");
      assertThat(versions("fashion")).containsExactly("1: job [default]");
      assertThat(vertex.get(MODELS + "/fashion@1/evaluations").get("modelEvaluations")).hasSize(1);
    }
  }

  @Test
  void aReportThatCannotBeReadIsWaitedFor() {
    buckets.failing(true);
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofSeconds(1))) {
      create(
          "job",
          "{modelId: fashion, minimumAccuracy: 0.7}",
          "gs://central/runs",
          "{name: here, cluster: {}}");

      awaitRegistered("job", "Unknown", "ReportUnreadable");
      assertThat(vertex.calls("UploadModel", "us-central1")).isZero();
      buckets.failing(false);

      awaitRegistered("job", "True", "Registered");
      assertThat(registered("job").orElseThrow().message()).contains("with its evaluation");
    } finally {
      buckets.failing(false);
    }
  }

  @Test
  void aCustomJobsEndWaitsForItsReport() {
    buckets.failing(true);
    try (var _ = start("one")) {
      create("job", "{modelId: fashion}");
      await().atMost(PATIENCE).until(() -> !vertex.jobs().isEmpty() && vertex.liveJobs().isEmpty());

      await()
          .during(Duration.ofSeconds(5))
          .atMost(Duration.ofSeconds(10))
          .until(() -> status("job").phase() != Phase.SUCCEEDED);
      buckets.failing(false);

      await().atMost(PATIENCE).until(() -> status("job").phase() == Phase.SUCCEEDED);
      assertThat(status("job").training().test().accuracy()).isEqualTo(0.75);
    } finally {
      buckets.failing(false);
    }
  }

  @Test
  void twoJobsMakeTheFirstVersionOfOneModelAtOnce() {
    try (var _ = start("one")) {
      create("left", "{modelId: fashion, aliases: [champion], minimumAccuracy: 0.7}");
      create("right", "{modelId: fashion, aliases: [champion], minimumAccuracy: 0.7}");

      awaitRegistered("left", "True", "Registered");
      awaitRegistered("right", "True", "Registered");

      assertThat(versions("fashion"))
          .extracting(each -> each.replaceFirst(" \\[.*", "").substring(3))
          .containsExactlyInAnyOrder("left", "right");
      assertThat(List.of(status("left").model().version(), status("right").model().version()))
          .containsExactlyInAnyOrder("1", "2");
      assertThat(versions("fashion").getLast()).contains("champion");
      for (String version : List.of("1", "2")) {
        assertThat(
                vertex.get(MODELS + "/fashion@" + version + "/evaluations").get("modelEvaluations"))
            .hasSize(1);
      }
    }
  }

  @Test
  void aModelOnAVolumeIsNot() {
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofSeconds(1))) {
      create("job", "{modelId: fashion}", "pvc://claim/runs", "");

      awaitRegistered("job", "False", "ModelNotReachable");

      assertThat(registered("job").orElseThrow().message()).contains("set spec.output.uri");
    }
  }

  @Test
  void aDeletionWaitsForTheRegistration() {
    vertex.fault("{fault: unavailable, call: ListModelVersions}");
    try (var _ = start("one")) {
      create("job", "{modelId: fashion}");
      awaitRegistered("job", "Unknown", "ServiceFault");

      admin.resources(FashionTrainingJob.class).inNamespace(namespace).withName("job").delete();
      vertex.heal();

      await().atMost(PATIENCE).until(() -> get("job") == null);
      assertThat(versions("fashion")).containsExactly("1: job [default]");
    }
  }

  private OperatorProcess start(String name) {
    return OperatorProcess.start(
            name,
            chart,
            chart.settings().replaceAll("(?m)^(tenants|vertex|registry):.*$", "")
                + """

                tenants: [{projects: [shop], regions: ["us-*"]}]
                vertex: {project: shop, region: us-central1, emulator: "%s", storage: "%s", interval: 1s, quotaInterval: 2s}
                registry: {serviceAccount: registrar@shop.iam.gserviceaccount.com}
                """
                    .formatted(vertex.endpoint(), buckets.address()))
        .ready();
  }

  private void create(String name, String registry) {
    create(
        name,
        registry,
        "gs://central/runs",
        "{name: central, vertex: {region: us-central1, machineType: n1-standard-4}}");
  }

  private void create(String name, String registry, String output, String placement) {
    admin
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: training.fashion-mnist.io/v1alpha1
                kind: FashionTrainingJob
                metadata: {name: %s}
                spec:
                  output: {uri: "%s"}
                  registry: %s
                  %s
                """
                    .formatted(
                        name,
                        output,
                        registry,
                        placement.isEmpty() ? "" : "placements: [" + placement + "]"),
                GenericKubernetesResource.class))
        .inNamespace(namespace)
        .create();
  }

  private void edit(String name, String patch) {
    admin
        .genericKubernetesResources("training.fashion-mnist.io/v1alpha1", "FashionTrainingJob")
        .inNamespace(namespace)
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private void awaitRegistered(String name, String status, String reason) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(registered(name).map(each -> each.status() + " " + each.reason()))
                    .as("%s", status(name))
                    .contains(status + " " + reason));
  }

  private Optional<Condition> registered(String name) {
    return status(name).condition(FashionTrainingJob.MODEL_REGISTERED);
  }

  /** Each version's number, the job that it is of, and its aliases. */
  private List<String> versions(String model) {
    List<String> all = new ArrayList<>();
    for (JsonNode version : vertex.get(MODELS + "/" + model + ":listVersions").path("models")) {
      List<String> aliases = new ArrayList<>();
      version.path("versionAliases").forEach(alias -> aliases.add(alias.asText()));
      all.add(
          "%s: %s %s"
              .formatted(
                  version.get("versionId").asText(),
                  version.at("/labels/fashion-training-job-name").asText(),
                  aliases.stream().sorted().toList()));
    }
    return all;
  }

  private FashionTrainingJob get(String name) {
    return admin.resources(FashionTrainingJob.class).inNamespace(namespace).withName(name).get();
  }

  private FashionTrainingJobStatus status(String name) {
    return get(name).currentStatus();
  }
}
