package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.testing.EmulatorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kubectl fashion} against the operator, with the rights that the chart gives people. */
@Timeout(300)
class PluginIT {
  private static final String CPUS = "custom_model_training_cpus";

  /** Of a trainer that does not say which attempt it is. */
  private static final String REPORT =
      """
      {"epoch": 2, "epochs": 2, "progressPercentage": 100, "test": {"images": 8, "loss": 0.5, "accuracy": 0.75},
       "perClass": [{"label": 0, "name": "Shirt", "precision": 0.6, "recall": 1.0, "f1Score": 0.75, "support": 3}]}
      """;

  private static InstalledChart chart;
  private static ReportBuckets buckets;
  private static KubernetesClient admin;
  private static EmulatorProcess vertex;
  private static OperatorProcess operator;

  @TempDir private Path directory;
  private String namespace;
  private PluginProcess anna;

  @BeforeAll
  static void start() {
    chart = InstalledChart.start();
    buckets = ReportBuckets.start(REPORT);
    admin = chart.admin();
    vertex = EmulatorProcess.start("{port: 0, buckets: {central: us-central1, west: us-west1}}");
    vertex.limit("us-central1", CPUS, 2);
    vertex.limit("us-west1", CPUS, 8);
    operator =
        OperatorProcess.start(
                "one",
                chart,
                chart.settings().replaceAll("(?m)^(tenants|vertex):.*$", "")
                    + """

                    tenants: [{projects: [shop], regions: ["us-*"]}]
                    vertex: {project: shop, emulator: "%s", storage: "%s", interval: 1s, quotaInterval: 2s, bucketRegions: {central: us-central1, west: us-west1}}
                    """
                        .formatted(vertex.endpoint(), buckets.address()))
            .ready();
  }

  @AfterAll
  static void stop() {
    if (operator != null) {
      operator.close();
    }
    if (vertex != null) {
      vertex.close();
    }
    if (chart != null) {
      chart.close();
      buckets.close();
    }
  }

  @BeforeEach
  void makeNamespace(TestInfo test) {
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase();
    chart.makeNamespace(namespace);
    anna = user("anna", "fashion-training-operator-edit");
  }

  @Test
  void plansWithoutSubmitting() throws IOException {
    PluginProcess.Result result = anna.run("plan", "-f", manifest("job").toString(), "-o", "json");

    assertThat(result.exitCode()).as(result.err()).isZero();
    JsonNode plan = new ObjectMapper().readTree(result.out());
    assertThat(plan.get("startsOn").asText()).isEqualTo("west");
    assertThat(plan.get("placements"))
        .extracting(
            each -> each.get("name").asText(),
            each -> each.get("outlook").asText(),
            each -> each.path("reason").asText())
        .containsExactly(
            tuple("full", "Shut", "QuotaTooSmall"),
            tuple("theirs", "NotAllowed", "ProjectNotAllowed"),
            tuple("misplaced", "Shut", "BucketElsewhere"),
            tuple("west", "Open", ""),
            tuple("here", "Open", ""));
    assertThat(plan.at("/placements/0/quota/0/demand").asLong()).isEqualTo(4);
    assertThat(plan.at("/placements/0/quota/0/known/limit").asLong()).isEqualTo(2);
    assertThat(plan.at("/placements/0/quota/0/known/usage").asLong()).isZero();
    assertThat(plan.at("/placements/0/advice").asText()).contains("a machine of 2 CPUs at most");
    assertThat(plan.at("/placements/1/quota")).isEmpty();
    assertThat(plan.at("/placements/2/message").asText())
        .contains("bucket central is in us-central1 and the job would be in us-west1");
    assertThat(plan.at("/placements/3/bucket/location").asText()).isEqualTo("us-west1");

    String text = anna.run("plan", "-f", manifest("job").toString()).out();
    assertThat(text)
        .startsWith("job in namespace planswithoutsubmitting would start on west.")
        .contains("full       shut  QuotaTooSmall")
        .contains("theirs     not allowed  ProjectNotAllowed");
    assertThat(admin.resources(FashionTrainingJob.class).inNamespace(namespace).list().getItems())
        .isEmpty();
    assertThat(vertex.jobs())
        .extracting(each -> each.at("/labels/fashion-training-job-namespace").asText())
        .doesNotContain(namespace);
  }

  @Test
  void submitsWatchesExplainsAndStartsAgain() throws IOException {
    try (var _ = NodeStandIn.start(admin, namespace, Duration.ofSeconds(1))) {
      Path file =
          Files.writeString(
              directory.resolve("cluster.yaml"),
              Files.readString(manifest("job"))
                  .replaceAll("(?m)^ *- .name: (theirs|misplaced|west),.*\\n", ""));

      PluginProcess.Result watched = anna.run("submit", "-f", file.toString(), "--watch");

      assertThat(watched.exitCode()).as(watched.out() + watched.err()).isZero();
      assertThat(watched.out())
          .startsWith("fashiontrainingjob/job created")
          .contains("job  Succeeded on here, Cluster")
          .contains("Skipped")
          .contains("QuotaTooSmall");
      assertThat(anna.run("list").out()).contains("job   Succeeded  here");
      assertThat(anna.run("explain-quota", "--all", "--region", "us-central1").out())
          .containsPattern("shop +us-central1 +" + CPUS + " +2 +0 +0 +0");

      PluginProcess.Result again = anna.run("submit", "--from", "job");
      assertThat(again.exitCode()).as(again.err()).isZero();
      assertThat(again.out()).startsWith("fashiontrainingjob/job-2 created");
      assertThat(job("job-2").getSpec()).isEqualTo(job("job").getSpec());
      assertThat(job("job-2").getMetadata().getLabels())
          .containsEntry("training.fashion-mnist.io/retry-of", "job");
      assertThat(anna.run("watch", "job-2").exitCode()).isZero();
      assertThat(anna.run("submit", "-f", file.toString()).err())
          .startsWith("error: fashiontrainingjob job exists already");
    }
  }

  @Test
  void tellsHowACustomJobFailsAndWhatItWrote() throws IOException {
    vertex.fault("{name: broken, fault: failed, delay: 1s, message: the program is broken}");
    Path file =
        Files.writeString(
            directory.resolve("west.yaml"),
            Files.readString(manifest("job"))
                .replaceAll("(?m)^ *- .name: (full|theirs|misplaced|here),.*\\n", "")
                .replace("spec:", "spec:\n  runPolicy: {backoffLimit: 0}"));

    PluginProcess.Result watched = anna.run("submit", "-f", file.toString(), "-w");

    assertThat(watched.exitCode()).as(watched.out() + watched.err()).isEqualTo(1);
    assertThat(watched.out()).contains("job  Failed on west, Vertex");
    vertex.heal();
    PluginProcess.Result written =
        new PluginProcess(
                anna.kubeconfig(),
                List.of(
                    "CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING=http://" + vertex.endpoint() + "/"))
            .run("logs", "job", "--attempt", "1", "--follow");
    assertThat(written.exitCode()).as(written.err()).isZero();
    assertThat(written.out()).contains("scripted");
    PluginProcess.Result logs =
        new PluginProcess(
                anna.kubeconfig(),
                List.of("CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING=http://127.0.0.1:1/"))
            .run("logs", "job");
    assertThat(logs.exitCode()).isEqualTo(3);
    assertThat(logs.err())
        .contains("Cloud Logging can't be read")
        .contains("gcloud logging read 'resource.type=\"ml_job\" resource.labels.job_id=")
        .contains("--project shop");
  }

  @Test
  void bringsTheReportAndOpensIt() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("west.yaml"),
            Files.readString(manifest("job"))
                .replaceAll("(?m)^ *- .name: (full|theirs|misplaced|here),.*\\n", ""));
    PluginProcess.Result watched = anna.run("submit", "-f", file.toString(), "-w", "-o", "json");
    assertThat(watched.exitCode()).as(watched.out() + watched.err()).isZero();
    assertThat(new ObjectMapper().readTree(watched.out()).at("/status/phase").asText())
        .isEqualTo("Succeeded");
    Path opened = directory.resolve("opened");
    Path browser = Files.createDirectory(directory.resolve("bin")).resolve("xdg-open");
    Files.writeString(browser, "#!/bin/sh\necho \"$1\" > '" + opened + "'\n");
    assertThat(browser.toFile().setExecutable(true)).isTrue();
    PluginProcess reader =
        new PluginProcess(
            anna.kubeconfig(),
            List.of(
                "STORAGE_EMULATOR_HOST=" + buckets.address(),
                "PATH=" + browser.getParent() + ":" + System.getenv("PATH")));

    PluginProcess.Result report =
        reader.run("report", "job", "--download", directory.toString(), "--open");

    assertThat(report.exitCode()).as(report.out() + report.err()).isZero();
    assertThat(report.out())
        .contains("Shirt")
        .contains("Model and report: gs://west/runs/")
        .contains("Downloaded:       " + directory.resolve("job-report/report.html"));
    assertThat(directory.resolve("job-report/report.json")).hasContent(REPORT);
    await()
        .untilAsserted(
            () ->
                assertThat(opened)
                    .content()
                    .isEqualTo(directory.resolve("job-report/report.html") + "\n"));
  }

  @Test
  void submitsAListAndSaysWhereItIs() throws IOException {
    Path two =
        Files.writeString(
            directory.resolve("two.yaml"),
            Files.readString(manifest("one"))
                    .replace("spec:", "spec:\n  runPolicy: {suspend: true}")
                + "---\n"
                + Files.readString(manifest("two"))
                    .replace("spec:", "spec:\n  runPolicy: {suspend: true}"));

    PluginProcess.Result list = anna.run("submit", "-f", two.toString(), "-o", "json");

    assertThat(list.exitCode()).as(list.err()).isZero();
    JsonNode made = new ObjectMapper().readTree(list.out());
    assertThat(made.get("kind").asText()).isEqualTo("List");
    assertThat(made.get("items"))
        .extracting(each -> each.at("/metadata/name").asText())
        .containsExactly("one", "two");

    Path elsewhere =
        Files.writeString(
            directory.resolve("three.yaml"),
            Files.readString(manifest("three"))
                .replace("{name: three}", "{name: three, namespace: %s}".formatted(namespace))
                .replace("spec:", "spec:\n  runPolicy: {suspend: true}"));
    assertThat(anna.run("submit", "-f", elsewhere.toString()).out())
        .contains("kubectl fashion watch three -n " + namespace);
  }

  @Test
  void whoHasACertificateAsksAsTheReader() throws IOException {
    PluginProcess administrator =
        new PluginProcess(chart.adminKubeconfig(directory), anna.environment());

    PluginProcess.Result result =
        administrator.run("plan", "-n", namespace, "-f", manifest("job").toString());

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("would start on west");
    assertThat(administrator.run("explain-quota", "-A", "--all").exitCode()).isZero();
  }

  /** The chart's Role lets people read that one ConfigMap, and search for none. */
  @Test
  void findsAReleaseOfAnotherNameByIt() throws IOException {
    String release = "prod-fashion-training-operator";
    String its = namespace + "-its";
    chart.makeNamespace(its);
    ConfigMap told =
        admin
            .configMaps()
            .inNamespace(InstalledChart.NAMESPACE)
            .withName("fashion-training-operator-api")
            .get();
    admin
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(release + "-api")
                .withNamespace(its)
                .withLabels(told.getMetadata().getLabels())
                .endMetadata()
                .withData(told.getData())
                .build())
        .create();
    admin
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withName(release + "-api")
                .withNamespace(its)
                .endMetadata()
                .addNewRule()
                .withApiGroups("")
                .withResources("configmaps")
                .withResourceNames(release + "-api")
                .withVerbs("get")
                .endRule()
                .build())
        .create();
    bind("anna", "Role", release + "-api", its);
    String file = manifest("job").toString();

    PluginProcess.Result unnamed = anna.run("plan", "-f", file, "--operator-namespace", its);
    assertThat(unnamed.exitCode()).isEqualTo(3);
    assertThat(unnamed.err())
        .startsWith("error: you may not read ConfigMap fashion-training-operator-api in namespace ")
        .contains("--operator-name");

    PluginProcess.Result named =
        anna.run("plan", "-f", file, "--operator-namespace", its, "--operator-name", release);
    assertThat(named.exitCode()).as(named.err()).isZero();
    assertThat(named.out()).contains("would start on west");

    PluginProcess byVariables =
        new PluginProcess(
            anna.kubeconfig(),
            Stream.concat(
                    anna.environment().stream(),
                    Stream.of(
                        "FASHION_OPERATOR_NAMESPACE=" + its, "FASHION_OPERATOR_NAME=" + release))
                .toList());
    assertThat(byVariables.run("explain-quota", "--all").exitCode()).isZero();

    PluginProcess administrator =
        new PluginProcess(chart.adminKubeconfig(directory), anna.environment());
    assertThat(
            administrator.run("explain-quota", "-A", "--operator-name", "no-such-operator").err())
        .isEqualTo(
            "error: no operator no-such-operator is found in any namespace: is its chart installed"
                + " there, and ready?\n");
  }

  @Test
  void saysWhichRightIsMissing() throws IOException {
    PluginProcess viewer = user("viewer", "fashion-training-operator-view");

    PluginProcess.Result plan = viewer.run("plan", "-f", manifest("job").toString());
    assertThat(plan.exitCode()).isEqualTo(3);
    assertThat(plan.err())
        .isEqualTo(
            ("error: system:serviceaccount:%s:viewer may not create fashiontrainingjobs in namespace"
                    + " %s: ask for the verb create on fashiontrainingjobs.training.fashion-mnist.io\n")
                .formatted(namespace, namespace));
    assertThat(viewer.run("explain-quota", "--all").exitCode()).isZero();
    assertThat(viewer.run("explain-quota", "-A").err())
        .startsWith("error: the operator does not tell: ")
        .contains("may not list fashiontrainingjobs in all namespaces");

    PluginProcess stranger =
        new PluginProcess(chart.kubeconfig(directory, "made.up.token", namespace), List.of());
    assertThat(stranger.run("list").err()).contains("does not know you");
  }

  @Test
  void saysWhatIsWrongWithAManifestOrAName() throws IOException {
    Path wrong =
        Files.writeString(
            directory.resolve("wrong.yaml"),
            Files.readString(manifest("job")).replace("machineType: n1-standard-4", "machine: x"));
    PluginProcess.Result plan = anna.run("plan", "-f", wrong.toString());
    assertThat(plan.exitCode()).isEqualTo(2);
    assertThat(plan.err()).contains("unknown field \"spec.placements[0].vertex.machine\"");

    try (var _ = NodeStandIn.start(admin, namespace, Duration.ofSeconds(1))) {
      anna.run("submit", "-f", manifest("shirts").toString());
      PluginProcess.Result near = anna.run("watch", "shrits");
      assertThat(near.exitCode()).isEqualTo(3);
      assertThat(near.err())
          .isEqualTo(
              "error: there is no FashionTrainingJob shrits in namespace %s; did you mean shirts?\n"
                  .formatted(namespace));
    }
  }

  private FashionTrainingJob job(String name) {
    return admin.resources(FashionTrainingJob.class).inNamespace(namespace).withName(name).get();
  }

  private Path manifest(String name) throws IOException {
    return Files.writeString(
        directory.resolve(name + ".yaml"),
        """
        apiVersion: training.fashion-mnist.io/v1alpha1
        kind: FashionTrainingJob
        metadata: {name: %s}
        spec:
          output: {uri: gs://central/runs}
          placements:
            - {name: full, vertex: {region: us-central1, machineType: n1-standard-4}}
            - {name: theirs, vertex: {project: else, region: us-central1, machineType: n1-standard-4}}
            - {name: misplaced, vertex: {region: us-west1, machineType: n1-standard-4}}
            - {name: west, vertex: {region: us-west1, machineType: n1-standard-4, outputUri: gs://west/runs}}
            - {name: here, cluster: {}}
        """
            .formatted(name));
  }

  /** Someone with a token, a role in the test's namespace, and the way to the operator. */
  private PluginProcess user(String name, String role) {
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .build())
        .create();
    bind(name, "ClusterRole", role, namespace);
    bind(name, "Role", "fashion-training-operator-api", InstalledChart.NAMESPACE);
    String token =
        admin
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(name)
            .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
            .getStatus()
            .getToken();
    // No kubelet is there to forward a port.
    return new PluginProcess(
        chart.kubeconfig(folder(name), token, namespace),
        List.of("FASHION_OPERATOR_URL=https://localhost:" + operator.progressPort()));
  }

  private Path folder(String name) {
    try {
      return Files.createDirectories(directory.resolve(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void bind(String name, String kind, String role, String in) {
    admin
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(namespace + "-" + name)
                .withNamespace(in)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", kind, role)
                .addNewSubject(null, "ServiceAccount", name, namespace)
                .build())
        .create();
  }
}
