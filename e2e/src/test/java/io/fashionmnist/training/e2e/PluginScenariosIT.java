package io.fashionmnist.training.e2e;

import static io.fashionmnist.training.e2e.TrainingCluster.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code kubectl fashion} as it is installed: with its own Java, by way of the API server. */
@ExtendWith(ScenarioTable.class)
@Timeout(420)
class PluginScenariosIT {
  private static final TrainingCluster CLUSTER = new TrainingCluster();
  private static final Path LAUNCHER =
      Path.of("../kubectl-fashion/target/dist/bin/kubectl-fashion");
  private static final String NAMESPACE = "plugin";

  @TempDir private Path directory;

  /** What came of a command. */
  private record Result(int exitCode, String out, String err) {}

  @AfterAll
  static void close() {
    CLUSTER.close();
  }

  @BeforeEach
  void makeNamespace() {
    CLUSTER.untilOperatorIsReady();
    CLUSTER.makeNamespace(NAMESPACE);
  }

  @AfterEach
  void deleteNamespace() {
    CLUSTER.deleteNamespace(NAMESPACE);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> CLUSTER.client().namespaces().withName(NAMESPACE).get() == null);
  }

  @Test
  @DisplayName("kubectl fashion: plan, submit, logs and report, by the built launcher")
  void plugin() throws Exception {
    Path manifest =
        Files.writeString(
            directory.resolve("job.yaml"),
            """
            apiVersion: training.fashion-mnist.io/v1alpha1
            kind: FashionTrainingJob
            metadata: {name: job}
            spec:
              training: {epochs: 2, %s}
              output: {uri: "gs://my-results-us-east4/runs"}
              placements: [{name: cluster, cluster: {}}]
            """
                .formatted(SMALL));

    // The leader is looked up, and a port of its pod forwarded.
    Result plan = run(Map.of(), "plan", "-f", manifest.toString(), "-o", "json");
    assertThat(plan.exitCode()).as("%s", plan).isZero();
    JsonNode planned = new ObjectMapper().readTree(plan.out());
    assertThat(planned.get("startsOn").asText()).isEqualTo("cluster");
    assertThat(run(Map.of(), "explain-quota", "--all").exitCode()).isZero();

    Result submitted = run(Map.of(), "submit", "-f", manifest.toString(), "--watch");
    assertThat(submitted.exitCode()).as("%s", submitted).isZero();
    assertThat(submitted.out()).contains("Succeeded on cluster");

    Result logs = run(Map.of(), "logs", "job", "--follow");
    assertThat(logs.exitCode()).as("%s", logs).isZero();
    assertThat(logs.out()).contains("\"epoch\":2");

    try (LocalPortForward storage =
        CLUSTER
            .client()
            .services()
            .inNamespace(TrainingCluster.OPERATOR_NAMESPACE)
            .withName("fashion-training-operator-storage")
            .portForward(4443)) {
      Result report =
          run(
              Map.of("STORAGE_EMULATOR_HOST", "http://localhost:" + storage.getLocalPort()),
              "report",
              "job",
              "--download",
              directory.toString());
      assertThat(report.exitCode()).as("%s", report).isZero();
      assertThat(directory.resolve("job-report/report.html"))
          .content()
          .contains("Training report")
          .contains("plugin/job");
      assertThat(directory.resolve("job-report/report.json")).isNotEmptyFile();
    }
  }

  @Test
  @DisplayName("kubectl fashion report: from a volume")
  void reportOnAVolume() throws Exception {
    CLUSTER.apply(
        NAMESPACE,
        """
        apiVersion: training.fashion-mnist.io/v1alpha1
        kind: FashionTrainingJob
        metadata: {name: job}
        spec:
          training: {epochs: 1, %s}
          output: {uri: "pvc://results/runs"}
          placements: [{name: cluster, cluster: {}}]
        """
            .formatted(SMALL));
    CLUSTER.untilPhase(NAMESPACE, "job", Phase.SUCCEEDED);

    Result report = run(Map.of(), "report", "job", "--download", directory.toString());

    assertThat(report.exitCode()).as("%s", report).isZero();
    assertThat(directory.resolve("job-report/report.html")).content().endsWith("</html>\n");
    JsonNode downloaded =
        new ObjectMapper().readTree(directory.resolve("job-report/report.json").toFile());
    assertThat(downloaded.at("/test/images").asInt()).isEqualTo(10_000);
    // The pod that read it is gone.
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                CLUSTER.client().pods().inNamespace(NAMESPACE).list().getItems().stream()
                    .noneMatch(pod -> pod.getMetadata().getName().contains("-report-")));
  }

  private Result run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-n", NAMESPACE));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    // Its own Java, not the build's.
    builder.environment().remove("JAVA_HOME");
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
