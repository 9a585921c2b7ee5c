package io.fashionmnist.training.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Argo CD beside the cluster, as {@code hack/argocd.sh} starts it, and git repositories for it. */
final class ArgoCd implements AutoCloseable {
  static final String NAMESPACE = "argocd";

  private static final String PORT = System.getenv().getOrDefault("ARGOCD_PORT", "8480");
  private static final ResourceDefinitionContext APPLICATIONS =
      new ResourceDefinitionContext.Builder()
          .withGroup("argoproj.io")
          .withVersion("v1alpha1")
          .withKind("Application")
          .withPlural("applications")
          .withNamespaced(true)
          .build();

  private final KubernetesSerialization yaml = new KubernetesSerialization();
  private final HttpClient http = HttpClient.newHttpClient();
  private final KubernetesClient client;

  ArgoCd(KubernetesClient client) {
    this.client = client;
    TrainingCluster.run("hack/argocd.sh", "up");
  }

  /** Makes a repository. */
  GitRepository repository(String name) {
    String folder = TrainingCluster.run("hack/argocd.sh", "repository", name).strip();
    return new GitRepository(
        Path.of(folder), "git://127.0.0.1:%d/%s.git".formatted(Integer.parseInt(PORT) + 3, name));
  }

  /** Follows an application, also one that is not there yet. */
  ApplicationLog follow(String application) {
    return new ApplicationLog(client, APPLICATIONS, application);
  }

  void create(String manifest) {
    client
        .resource(yaml.unmarshal(manifest, GenericKubernetesResource.class))
        .inNamespace(NAMESPACE)
        .create();
  }

  /** A file of {@code argocd/}. */
  static String sample(String file) {
    try {
      return Files.readString(Path.of("../argocd", file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes an application: a JSON merge patch. */
  void patch(String application, String patch) {
    client
        .genericKubernetesResources(APPLICATIONS)
        .inNamespace(NAMESPACE)
        .withName(application)
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  boolean has(String application) {
    return client
            .genericKubernetesResources(APPLICATIONS)
            .inNamespace(NAMESPACE)
            .withName(application)
            .get()
        != null;
  }

  /** Forgets an application; what it made stays. */
  void delete(String application) {
    var resource =
        client
            .genericKubernetesResources(APPLICATIONS)
            .inNamespace(NAMESPACE)
            .withName(application);
    resource.delete();
    await().atMost(Duration.ofMinutes(1)).until(() -> resource.get() == null);
  }

  /**
   * How often the controller has compared an application with Git because something changed that
   * Git has; it also looks every ten seconds, and whenever a pod changes, which is not counted.
   */
  int looksAfterChanges(String application) {
    String log =
        TrainingCluster.run("hack/argocd.sh", "status")
            .lines()
            .filter(line -> line.startsWith("argocd-application-controller "))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .findFirst()
            .orElseThrow();
    Pattern ours = Pattern.compile("\\bapplication=\"?(argocd/)?" + application + "\"?( |$)");
    try (Stream<String> lines = Files.lines(Path.of(log))) {
      return (int)
          lines
              .filter(line -> line.contains("(controller refresh requested), level (1)"))
              .filter(line -> ours.matcher(line).find())
              .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Looks at Git again at once. */
  void refresh(String application) {
    cli("app", "get", application, "--refresh");
  }

  /** The same for an ApplicationSet. */
  void refreshSet(String name) {
    TrainingCluster.run(
        "hack/cluster.sh",
        "kubectl",
        "annotate",
        "--namespace",
        NAMESPACE,
        "--overwrite",
        "applicationset",
        name,
        "argocd.argoproj.io/application-set-refresh=true");
  }

  /** {@code argocd ...}. */
  String cli(String... arguments) {
    String[] command = new String[arguments.length + 2];
    command[0] = "hack/argocd.sh";
    command[1] = "cli";
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return TrainingCluster.run(command);
  }

  /** {@code argocd app actions run ...} on a job. */
  void act(String action, String application, String job) {
    cli(
        "app",
        "actions",
        "run",
        application,
        action,
        "--kind",
        "FashionTrainingJob",
        "--resource-name",
        job);
  }

  /** A job as the page of its application shows it. */
  Optional<JsonNode> shown(String application, String job) {
    try {
      String tree =
          http.send(
                  HttpRequest.newBuilder(
                          URI.create(
                              "http://127.0.0.1:%s/api/v1/applications/%s/resource-tree"
                                  .formatted(PORT, application)))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      return StreamSupport.stream(
              yaml.unmarshal(tree, JsonNode.class).path("nodes").spliterator(), false)
          .filter(node -> node.path("kind").asText().equals("FashionTrainingJob"))
          .filter(node -> node.path("name").asText().equals(job))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the page says so of a job. */
  void untilShown(String application, String job, String health, String message) {
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () -> {
              JsonNode shown =
                  shown(application, job).orElseThrow(AssertionError::new).path("health");
              assertThat(shown.path("status").asText() + " " + shown.path("message").asText())
                  .startsWith(health)
                  .contains(message);
            });
  }

  @Override
  public void close() {
    TrainingCluster.run("hack/argocd.sh", "down");
  }
}
