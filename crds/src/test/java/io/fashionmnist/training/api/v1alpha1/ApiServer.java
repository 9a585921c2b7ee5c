package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real API server and its etcd for one test class, with the chart's resource definition. */
final class ApiServer implements BeforeAllCallback, AfterAllCallback {
  static final String NAMESPACE = "default";

  /** Who applies manifests, and who writes statuses. */
  static final String USER = "kubectl";

  static final String OPERATOR = "fashion-training-operator";

  private static final String API_VERSION = FashionTrainingJob.GROUP + "/v1alpha1";
  private static final String KIND = "FashionTrainingJob";
  private static final Path VERSIONS = Path.of("../hack/tools/kubernetes/go.mod");
  private static final Pattern VERSION = Pattern.compile("k8s\\.io/kubernetes v(\\S+)");
  private static final long PATIENCE_SECONDS = 60;

  private KubeAPIServer server;
  private KubernetesClient client;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(folderOfPrograms())
                .withApiServerVersion(version())
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .build());
    server.start();
    Config config = Config.fromKubeconfig(server.getKubeConfigYaml());
    // What the server says the first time is what the tests are about.
    config.setRequestRetryBackoffLimit(0);
    client = new KubernetesClientBuilder().withConfig(config).build();
    client
        .namespaces()
        .withName(NAMESPACE)
        .waitUntilCondition(Objects::nonNull, PATIENCE_SECONDS, TimeUnit.SECONDS);
    CustomResourceDefinition definition = new Definition().resource();
    client.resource(definition).fieldManager(USER).serverSideApply();
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(definition.getMetadata().getName())
        .waitUntilCondition(ApiServer::established, PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Also called when the start failed halfway. */
  @Override
  public void afterAll(ExtensionContext context) {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.stop();
    }
  }

  /** A job as a user writes it. */
  static GenericKubernetesResource job(String name, Map<String, Object> spec) {
    GenericKubernetesResource job = new GenericKubernetesResource();
    job.setApiVersion(API_VERSION);
    job.setKind(KIND);
    job.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace(NAMESPACE).build());
    job.setAdditionalProperty("spec", spec);
    return job;
  }

  /** {@code kubectl apply --server-side}. */
  GenericKubernetesResource apply(GenericKubernetesResource resource) {
    return client.resource(resource).patch(by(USER), resource);
  }

  /** A job as the operator reads it. */
  FashionTrainingJob read(String name) {
    return client.resources(FashionTrainingJob.class).inNamespace(NAMESPACE).withName(name).get();
  }

  /** Writes a job's status as the operator does: by a manager of its own. */
  GenericKubernetesResource writeStatus(String name, Map<String, Object> status) {
    GenericKubernetesResource job = job(name, null);
    job.setAdditionalProperties(Map.of("status", status));
    return client.resource(job).subresource("status").patch(by(OPERATOR), job);
  }

  /** What the server serves under the job's group. */
  List<APIResource> resources() {
    return client.getApiResources(API_VERSION).getResources();
  }

  /** {@code kubectl get}: a job as a table of one row. */
  JsonNode table(String name) {
    String address =
        "%sapis/%s/namespaces/%s/fashiontrainingjobs/%s"
            .formatted(client.getMasterUrl(), API_VERSION, NAMESPACE, name);
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(address)
            .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
            .build();
    String body = client.getHttpClient().sendAsync(request, String.class).join().body();
    return client.getKubernetesSerialization().unmarshal(body, JsonNode.class);
  }

  /** {@code kubectl create --dry-run=server}: why it would not be taken; empty when it would. */
  List<StatusCause> objections(GenericKubernetesResource resource) {
    try {
      client
          .resource(resource)
          .dryRun()
          .fieldValidation(FieldValidateable.Validation.STRICT)
          .create();
      return List.of();
    } catch (KubernetesClientException refusal) {
      return objections(refusal);
    }
  }

  /** The causes of a refusal; without any, as for unknown fields, its message as the only one. */
  static List<StatusCause> objections(KubernetesClientException refusal) {
    if (refusal.getStatus() == null) {
      throw refusal;
    }
    return Optional.ofNullable(refusal.getStatus().getDetails())
        .map(StatusDetails::getCauses)
        .map(causes -> causes.stream().filter(cause -> !isRemark(cause)).toList())
        .filter(causes -> !causes.isEmpty())
        .orElseGet(() -> List.of(new StatusCause("", refusal.getStatus().getMessage(), "")));
  }

  /** Rules are left out, and that is said, when the values that they look at are no good. */
  private static boolean isRemark(StatusCause cause) {
    return cause.getMessage().contains("some validation rules were not checked");
  }

  private static PatchContext by(String manager) {
    return new PatchContext.Builder()
        .withPatchType(PatchType.SERVER_SIDE_APPLY)
        .withFieldManager(manager)
        .withFieldValidation("Strict")
        .build();
  }

  private static boolean established(CustomResourceDefinition definition) {
    return Optional.ofNullable(definition)
        .map(CustomResourceDefinition::getStatus)
        .map(CustomResourceDefinitionStatus::getConditions)
        .stream()
        .flatMap(List::stream)
        .anyMatch(
            condition ->
                "Established".equals(condition.getType()) && "True".equals(condition.getStatus()));
  }

  /** The program, of the server's version. */
  static Path kubectl() throws IOException {
    return Path.of(folderOfPrograms(), "k8s", version() + "-linux-amd64", "kubectl");
  }

  private static String folderOfPrograms() {
    return Optional.ofNullable(System.getenv("KUBE_API_TEST_DIR"))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "KUBE_API_TEST_DIR is not set: run `make it`, or set it to what"
                        + " hack/apiserver-dir.sh prints"));
  }

  /** The version that the cluster's programs are pinned to. */
  private static String version() throws IOException {
    Matcher version = VERSION.matcher(Files.readString(VERSIONS));
    if (!version.find()) {
      throw new IllegalStateException(VERSIONS + " pins no version of k8s.io/kubernetes");
    }
    return version.group(1);
  }
}
