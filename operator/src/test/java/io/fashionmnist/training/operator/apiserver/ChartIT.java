package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What an API server makes of the chart, with its switches as they are and with all of them on. */
class ChartIT {
  /** Everything that makes another object, or another part of one. */
  private static final List<String> ALL_SWITCHES =
      List.of(
          "--set=metrics.serviceMonitor.enabled=true",
          "--set=metrics.dashboard.enabled=true",
          "--set=metrics.alerts.enabled=true",
          "--set=vertexEmulator.enabled=true",
          "--set=config.web.enabled=true",
          "--set=api.subjects[0].kind=Group",
          "--set=api.subjects[0].name=data-science",
          "--set=api.subjects[0].apiGroup=rbac.authorization.k8s.io",
          "--set=api.readers[0].kind=Group",
          "--set=api.readers[0].name=readers",
          "--set=api.readers[0].apiGroup=rbac.authorization.k8s.io",
          "--set=priorityClassName=system-cluster-critical",
          "--set=podLabels.team=vision",
          "--set=podAnnotations.note=x",
          "--set=nodeSelector.pool=services",
          "--set=javaOptions=-Xmx200m",
          "--set=logs.format=Text");

  private static InstalledChart chart;
  private static KubernetesClient admin;
  @TempDir static Path folder;

  @BeforeAll
  static void install() {
    chart = InstalledChart.start();
    admin = chart.admin();
    // As the Prometheus operator's definitions would be there; theirs are not in question.
    Stream.of("ServiceMonitor", "PrometheusRule").forEach(ChartIT::define);
  }

  @AfterAll
  static void uninstall() {
    if (chart != null) {
      chart.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyObjectIsTakenByTheServer() {
    return tests(List.of());
  }

  @TestFactory
  Stream<DynamicTest> everyObjectIsTakenWithAllSwitchesOn() {
    List<HasMetadata> all = chart.render(ALL_SWITCHES);
    assertThat(all)
        .extracting(HasMetadata::getKind)
        .contains("ServiceMonitor", "PrometheusRule", "PodDisruptionBudget", "NetworkPolicy");
    return all.stream().map(ChartIT::test);
  }

  private static Stream<DynamicTest> tests(List<String> options) {
    return chart.render(options).stream().map(ChartIT::test);
  }

  private static DynamicTest test(HasMetadata object) {
    return dynamicTest(
        object.getKind() + " " + object.getMetadata().getName(), () -> assertTaken(object));
  }

  private static void assertTaken(HasMetadata object) {
    var taken =
        admin
            .resource(object)
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.SERVER_SIDE_APPLY)
                    .withFieldManager("chart-test")
                    .withForce(true)
                    .withDryRun(List.of("All"))
                    .withFieldValidation("Strict")
                    .build());
    assertThat(taken.getMetadata().getName()).isEqualTo(object.getMetadata().getName());
  }

  @Test
  void kubectlExplainsWhatIsTrained() {
    String explained =
        kubectl("explain", "ftj.spec.training", "--api-version=training.fashion-mnist.io/v1alpha1");

    assertThat(explained)
        .contains("KIND:       FashionTrainingJob", "FIELD: training <Object>", "How to train.")
        .containsPattern("epochs\\s+<integer>")
        .contains("augmentation", "earlyStopping", "optimizer", "schedule");
    assertThat(kubectl("explain", "ftj.spec.training.optimizer.learningRate"))
        .contains("<number>")
        .contains("Default: 0.001");
  }

  @Test
  void theDefinitionAndTheJobsOutliveTheRelease() throws IOException {
    String kubeconfig = chart.adminKubeconfig(Files.createTempDirectory("admin")).toString();
    helm(kubeconfig, "install", "../helm/fashion-training-operator", "--take-ownership");
    admin
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: training.fashion-mnist.io/v1alpha1
                kind: FashionTrainingJob
                metadata: {name: job, namespace: fashion-training}
                spec: {output: {uri: "gs://bucket/runs"}}
                """,
                GenericKubernetesResource.class))
        .create();

    helm(kubeconfig, "uninstall");

    assertThat(
            admin
                .apps()
                .deployments()
                .inNamespace(InstalledChart.NAMESPACE)
                .withName("fashion-training-operator")
                .get())
        .isNull();
    assertThat(
            admin
                .genericKubernetesResources(
                    "training.fashion-mnist.io/v1alpha1", "FashionTrainingJob")
                .inNamespace(InstalledChart.NAMESPACE)
                .withName("job")
                .get())
        .isNotNull();
  }

  private static void helm(String kubeconfig, String command, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>();
    all.addAll(List.of(System.getenv("HELM"), command, "fashion-training-operator"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--namespace", InstalledChart.NAMESPACE));
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", kubeconfig);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.onExit().join().exitValue()).as(said).isZero();
  }

  private static void define(String kind) {
    String plural = kind.toLowerCase(Locale.ROOT) + "s";
    CustomResourceDefinition definition =
        Serialization.unmarshal(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: %s.monitoring.coreos.com}
            spec:
              group: monitoring.coreos.com
              scope: Namespaced
              names: {kind: %s, plural: %s}
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema:
                    openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """
                .formatted(plural, kind, plural),
            CustomResourceDefinition.class);
    admin.resource(definition).create();
    await()
        .until(
            () ->
                admin.resource(definition).get().getStatus().getConditions().stream()
                    .anyMatch(
                        each ->
                            each.getType().equals("Established")
                                && each.getStatus().equals("True")));
  }

  private static String kubectl(String... arguments) {
    try (Stream<Path> files =
        Files.walk(
            Path.of(
                Objects.requireNonNull(
                    System.getenv("KUBE_API_TEST_DIR"),
                    "KUBE_API_TEST_DIR is not set: make it")))) {
      Path kubectl =
          files
              .filter(file -> file.getFileName().toString().equals("kubectl"))
              .findFirst()
              .orElseThrow();
      List<String> command = new ArrayList<>(List.of(kubectl.toString()));
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("KUBECONFIG", chart.adminKubeconfig(folder).toString());
      builder.environment().put("HOME", folder.toString());
      Process process = builder.start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
