package io.fashionmnist.training.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The health check and the actions of {@code argocd/}, run by Argo CD itself from the settings that
 * users apply. The tables {@code health_test.yaml} and {@code action_test.yaml} have Argo CD's own
 * form.
 */
class ArgoCdCustomizationIT {
  @RegisterExtension private static final ApiServer SERVER = new ApiServer();

  private static final Path ARGOCD = Path.of("../argocd");
  private static final Path KIND =
      ARGOCD.resolve("resource_customizations/training.fashion-mnist.io/FashionTrainingJob");
  private static final Path ACTIONS = KIND.resolve("actions");
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  @TestFactory
  Stream<DynamicTest> healthTellsWhereTheJobStands() {
    return each(KIND.resolve("health_test.yaml"), "tests")
        .map(row -> dynamicTest(input(row), () -> assertHealth(row)));
  }

  private static void assertHealth(JsonNode row) {
    String said = argocd("health", KIND.resolve(input(row)).toString());

    JsonNode health = row.get("healthStatus");
    assertThat(said)
        .isEqualTo(
            "STATUS: %s%nMESSAGE: %s%n"
                .formatted(health.get("status").asText(), health.get("message").asText()));
  }

  @TestFactory
  Stream<DynamicTest> onlyWhatMakesSenseIsOffered() {
    return each(ACTIONS.resolve("action_test.yaml"), "discoveryTests")
        .map(row -> dynamicTest(input(row), () -> assertOffered(row)));
  }

  private static void assertOffered(JsonNode row) {
    String said = argocd("list-actions", ACTIONS.resolve(input(row)).toString());

    List<String> offered =
        said.lines().skip(1).map(line -> line.split(" ", 2)[0]).toList(); // NAME DISABLED
    assertThat(offered)
        .containsExactlyElementsOf(
            elements(row.get("result")).map(ArgoCdCustomizationIT::name)::iterator);
  }

  @TestFactory
  Stream<DynamicTest> actionsDoWhatTheyAreCalled() {
    return each(ACTIONS.resolve("action_test.yaml"), "actionTests")
        .map(
            row ->
                dynamicTest(
                    row.get("action").asText() + " " + input(row),
                    () -> assertResult(row, row.get("action").asText())));
  }

  private static void assertResult(JsonNode row, String action) throws IOException {
    Path input = ACTIONS.resolve(input(row));
    String said = argocd("run-action", input.toString(), action);
    if (row.has("expectedErrorMessage")) {
      assertThat(said).contains(row.get("expectedErrorMessage").asText());
      return;
    }
    JsonNode expected = read(ACTIONS.resolve(row.get("expectedOutputPath").asText()));
    JsonNode result = YAML.unmarshal(said.substring(said.indexOf(":\n") + 2), JsonNode.class);
    if (said.startsWith("Following resource was created:")) {
      expected = expected.get(0);
      String prefix = name(expected.get("metadata")).replaceFirst("\\d{10}$", "");
      assertThat(name(result.get("metadata"))).matches(prefix + "\\d{10}");
      // It has the time in it.
      ((ObjectNode) result.get("metadata")).set("name", expected.get("metadata").get("name"));
      assertTaken(result);
    }
    assertThat(result).isEqualTo(expected);
  }

  @TestFactory
  Stream<DynamicTest> theJobsOfTheTestsAreJobs() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path folder : List.of(KIND.resolve("testdata"), ACTIONS.resolve("testdata"))) {
      try (Stream<Path> inside = Files.list(folder)) {
        inside.forEach(files::add);
      }
    }
    return files.stream()
        .map(file -> dynamicTest(KIND.relativize(file).toString(), () -> assertTaken(read(file))));
  }

  private static void assertTaken(JsonNode jobs) {
    elements(jobs.isArray() ? jobs : YAML.convertValue(List.of(jobs), JsonNode.class))
        .forEach(
            each -> {
              GenericKubernetesResource job =
                  YAML.convertValue(each, GenericKubernetesResource.class);
              job.getMetadata().setNamespace(ApiServer.NAMESPACE);
              assertThat(SERVER.objections(job)).isEmpty();
            });
  }

  @Test
  void asAComponentItAddsToTheSettingsOfAnInstallation(@TempDir Path installation)
      throws IOException {
    Files.writeString(
        installation.resolve("argocd-cm.yaml"),
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: argocd-cm}, data: {url: x}}");
    Files.writeString(
        installation.resolve("kustomization.yaml"),
        "{resources: [argocd-cm.yaml], components: [%s]}"
            .formatted(installation.toRealPath().relativize(ARGOCD.toRealPath())));

    JsonNode settings =
        YAML.unmarshal(
            run(List.of(ApiServer.kubectl().toString(), "kustomize", installation.toString())),
            JsonNode.class);

    ObjectNode expected = (ObjectNode) read(ARGOCD.resolve("argocd-cm.yaml")).get("data");
    assertThat(settings.get("data")).isEqualTo(expected.put("url", "x"));
  }

  private static Stream<JsonNode> each(Path table, String list) {
    return elements(read(table).get(list));
  }

  private static Stream<JsonNode> elements(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static String input(JsonNode row) {
    return row.get("inputPath").asText();
  }

  private static String name(JsonNode named) {
    return named.get("name").asText();
  }

  private static JsonNode read(Path file) {
    try {
      return YAML.unmarshal(Files.readString(file), JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What Argo CD prints; when it fails, why. */
  private static String argocd(String command, String... arguments) {
    String program =
        Objects.requireNonNull(System.getenv("ARGOCD"), "ARGOCD must be the program: run make it");
    List<String> line =
        new ArrayList<>(List.of(program, "admin", "settings", "resource-overrides", command));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--argocd-cm-path", ARGOCD.resolve("argocd-cm.yaml").toString()));
    return run(line);
  }

  private static String run(List<String> line) {
    try {
      Path log = Files.createTempFile("argocd", ".log");
      ProcessBuilder builder = new ProcessBuilder(line).redirectError(log.toFile());
      // Instead of a difference Argo CD prints the changed resource.
      builder.environment().put("KUBECTL_EXTERNAL_DIFF", "sh -c 'cat \"$1\"'");
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = process.waitFor();
      String error = Files.readString(log);
      Files.delete(log);
      return end == 0 ? output : error;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
