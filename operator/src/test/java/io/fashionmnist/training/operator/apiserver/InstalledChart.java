package io.fashionmnist.training.operator.apiserver;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** An API server with the chart, as {@code helm template} renders it, in it. */
public final class InstalledChart implements AutoCloseable {
  public static final String NAMESPACE = "fashion-training";
  private static final String NAME = "fashion-training-operator";

  private final KubeAPIServer server;
  private final KubernetesClient admin;
  private final List<HasMetadata> rendered;

  private InstalledChart(KubeAPIServer server) {
    this.server = server;
    Config config = Config.fromKubeconfig(server.getKubeConfigYaml());
    admin = new KubernetesClientBuilder().withConfig(config).build();
    makeNamespace(NAMESPACE);
    rendered = render(List.of());
    // A server without controllers has no use for the rest.
    rendered.stream()
        .filter(
            each ->
                List.of(
                        "CustomResourceDefinition",
                        "ServiceAccount",
                        "ClusterRole",
                        "ClusterRoleBinding",
                        "Role",
                        "RoleBinding",
                        "ConfigMap")
                    .contains(each.getKind()))
        .forEach(each -> admin.resource(each).create());
    await()
        .until(
            () ->
                admin
                    .apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName("fashiontrainingjobs.training.fashion-mnist.io")
                    .get()
                    .getStatus()
                    .getConditions()
                    .stream()
                    .anyMatch(
                        each ->
                            each.getType().equals("Established")
                                && each.getStatus().equals("True")));
  }

  public static InstalledChart start() {
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .withStartupTimeout(120_000)
                .build());
    server.start();
    try {
      return new InstalledChart(server);
    } catch (RuntimeException e) {
      server.stop();
      throw e;
    }
  }

  /** Who may do everything. */
  public KubernetesClient admin() {
    return admin;
  }

  /** All that the chart consists of. */
  List<HasMetadata> rendered() {
    return rendered;
  }

  /** The operator's settings, as the chart has them. */
  String settings() {
    return admin
        .configMaps()
        .inNamespace(NAMESPACE)
        .withName(NAME)
        .get()
        .getData()
        .get("config.yaml");
  }

  /** Makes a namespace as a controller would: with an account for its pods. */
  public void makeNamespace(String name) {
    admin
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("default")
                .withNamespace(name)
                .endMetadata()
                .build())
        .create();
  }

  /** The operator's own rights, and no more. */
  public Config operator() {
    String token =
        admin
            .serviceAccounts()
            .inNamespace(NAMESPACE)
            .withName(NAME)
            .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
            .getStatus()
            .getToken();
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(admin.getConfiguration().getMasterUrl())
        .withCaCertData(admin.getConfiguration().getCaCertData())
        .withCaCertFile(admin.getConfiguration().getCaCertFile())
        .withOauthToken(token)
        .withNamespace(NAMESPACE)
        .build();
  }

  /** Writes a kubeconfig with the operator's rights. */
  Path operatorKubeconfig(Path directory) {
    return kubeconfig(directory, operator().getOauthToken(), NAMESPACE);
  }

  /** Writes a kubeconfig with a token's rights. */
  Path kubeconfig(Path directory, String token, String namespace) {
    Config config = admin.getConfiguration();
    try {
      String authority =
          config.getCaCertData() != null
              ? "certificate-authority-data: " + config.getCaCertData()
              : "certificate-authority: " + config.getCaCertFile();
      return Files.writeString(
          directory.resolve("kubeconfig"),
          """
          apiVersion: v1
          kind: Config
          current-context: test
          clusters:
            - {name: test, cluster: {server: "%s", %s}}
          contexts:
            - {name: test, context: {cluster: test, user: operator, namespace: %s}}
          users:
            - {name: operator, user: {token: "%s"}}
          """
              .formatted(config.getMasterUrl(), authority, namespace, token));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the administrator's kubeconfig, which has a certificate and no token. */
  Path adminKubeconfig(Path directory) {
    try {
      return Files.writeString(directory.resolve("kubeconfig"), server.getKubeConfigYaml());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A token such as the kubelet gives a pod. */
  public String token(Pod pod, String audience) {
    var metadata = pod.getMetadata();
    return admin
        .serviceAccounts()
        .inNamespace(metadata.getNamespace())
        .withName("default")
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience)
                .withNewBoundObjectRef("v1", "Pod", metadata.getName(), metadata.getUid())
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  @Override
  public void close() {
    admin.close();
    server.stop();
  }

  /** The chart's objects with more options of helm's. */
  List<HasMetadata> render(List<String> options) {
    String helm = Objects.requireNonNull(System.getenv("HELM"), "HELM is not set: use make it");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(helm, "template", NAME, "../helm/" + NAME, "--namespace", NAMESPACE));
    command.addAll(options);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (InputStream output = process.getInputStream()) {
        return admin.load(output).items();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An object of the rendered chart. */
  <T extends HasMetadata> Optional<T> rendered(Class<T> kind) {
    return rendered.stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }
}
