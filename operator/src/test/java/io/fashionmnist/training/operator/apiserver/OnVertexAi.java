package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.testing.EmulatorProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** The operator with the chart's rights, and an emulator of Vertex AI for each test. */
@Timeout(600)
abstract class OnVertexAi {
  static final String CPUS = "custom_model_training_cpus";
  static final Duration PATIENCE = Duration.ofSeconds(120);

  static InstalledChart chart;
  static ReportBuckets buckets;
  static KubernetesClient admin;
  String namespace;

  /** A project for each test: what one finds full holds up no other. */
  String project;

  EmulatorProcess vertex;

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
    var jobs = resources();
    jobs.list().getItems().stream()
        .filter(job -> !job.getMetadata().getFinalizers().isEmpty())
        .forEach(job -> deleteByForce(job.getMetadata().getName()));
    jobs.delete();
  }

  static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(each -> prefix + each).toList();
  }

  List<Tuple> attempts(String name) {
    return status(name).attempts().stream()
        .map(each -> tuple(each.placement(), each.state(), each.reason()))
        .toList();
  }

  void delete(String name) {
    resources().withName(name).delete();
  }

  /** As if there were no finalizer. */
  void deleteByForce(String name) {
    resources()
        .withName(name)
        .edit(
            job -> {
              job.getMetadata().setFinalizers(List.of());
              return job;
            });
    delete(name);
  }

  void runPolicy(String name, String setting) {
    admin
        .genericKubernetesResources("training.fashion-mnist.io/v1alpha1", "FashionTrainingJob")
        .inNamespace(namespace)
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"runPolicy\": {\"%s}}}".formatted(setting.replace(":", "\":")));
  }

  OperatorProcess start(String name) {
    return start(name, chart);
  }

  OperatorProcess start(String name, InstalledChart cluster) {
    return start(name, cluster, "onDeletion: Keep");
  }

  OperatorProcess start(String name, InstalledChart cluster, String setting) {
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

  void awaitPhase(String name, Phase phase) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(status(name).phase())
                    .as("%s", status(name).attempts())
                    .isEqualTo(phase));
  }

  void create(String name) {
    create(name, "n1-standard-4");
  }

  void create(String name, String machine) {
    create(name, machine, admin);
  }

  void create(String name, String machine, KubernetesClient client) {
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

  void createManifest(String name, String spec, KubernetesClient client) {
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

  NonNamespaceOperation<
          FashionTrainingJob,
          KubernetesResourceList<FashionTrainingJob>,
          Resource<FashionTrainingJob>>
      resources() {
    return admin.resources(FashionTrainingJob.class).inNamespace(namespace);
  }

  FashionTrainingJob get(String name) {
    return resources().withName(name).get();
  }

  FashionTrainingJobStatus status(String name) {
    return get(name).currentStatus();
  }

  String condition(String name, String type) {
    return status(name).conditions().stream()
        .filter(each -> each.type().equals(type))
        .map(each -> each.status())
        .findFirst()
        .orElse("absent");
  }
}
