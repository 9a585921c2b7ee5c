package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
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
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What an API server makes of the chart, with its switches as they are, all on, and all off. */
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
          "--set=tolerations[0].key=services",
          "--set=tolerations[0].operator=Exists",
          "--set-json=affinity={\"nodeAffinity\": {\"requiredDuringSchedulingIgnoredDuringExecution\":"
              + " {\"nodeSelectorTerms\": [{\"matchExpressions\":"
              + " [{\"key\": \"pool\", \"operator\": \"Exists\"}]}]}}}",
          "--set=imagePullSecrets[0].name=registry",
          "--set=serviceAccount.annotations.note=x",
          "--set=googleIdentity.provider=projects/1/locations/global/workloadIdentityPools/a"
              + "/providers/b",
          "--set=googleIdentity.serviceAccount=operator@shop.iam.gserviceaccount.com",
          "--set=config.tracing.endpoint=http://collector:4318",
          "--set=tracing.headersSecret=collector",
          "--set=progress.existingSecret=tls",
          "--set=env[0].name=HTTPS_PROXY",
          "--set=env[0].value=http://proxy:3128",
          "--set=javaOptions=-Xmx200m",
          "--set=logs.format=Text");

  /** Everything that leaves an object out. */
  private static final List<String> ALL_SWITCHES_OFF =
      List.of(
          "--set=crds.install=false",
          "--set=serviceAccount.create=false",
          "--set=rbac.aggregate=false",
          "--set=podDisruptionBudget.enabled=false",
          "--set=networkPolicy.enabled=false");

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

  @TestFactory
  Stream<DynamicTest> everyObjectIsTakenWithAllSwitchesOff() {
    return tests(ALL_SWITCHES_OFF);
  }

  /** The chart's own pods, the emulators' among them, and the trainers'. */
  @TestFactory
  Stream<DynamicTest> everyPodIsTakenWherePodSecurityIsRestricted() throws IOException {
    chart.makeNamespace("restricted");
    admin
        .namespaces()
        .withName("restricted")
        .edit(
            each ->
                new NamespaceBuilder(each)
                    .editMetadata()
                    .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                    .endMetadata()
                    .build());
    Map<String, PodTemplateSpec> pods = new TreeMap<>();
    chart.render(ALL_SWITCHES).stream()
        .filter(Deployment.class::isInstance)
        .map(Deployment.class::cast)
        .forEach(each -> pods.put(each.getMetadata().getName(), each.getSpec().getTemplate()));
    assertThat(pods).hasSize(3);
    for (String name : List.of("minimal", "everything", "own-image", "one-claim")) {
      Job job =
          Serialization.unmarshal(
              Files.readString(Path.of("src/test/resources/golden", name + ".out.yaml")),
              Job.class);
      pods.put("trainer-" + name, job.getSpec().getTemplate());
    }
    return pods.entrySet().stream()
        .map(each -> dynamicTest(each.getKey(), () -> assertRuns(each.getKey(), each.getValue())));
  }

  private static void assertRuns(String name, PodTemplateSpec template) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace("restricted")
            .endMetadata()
            .withSpec(template.getSpec())
            .editSpec()
            // What they name is not there, and not in question.
            .withServiceAccountName("default")
            .withPriorityClassName(null)
            .withRuntimeClassName(null)
            .endSpec()
            .build();
    assertThat(admin.resource(pod).dryRun().create().getMetadata().getName()).isEqualTo(name);
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
        .containsPattern("Default:\\s+0\\.001");
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
