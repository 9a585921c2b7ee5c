package io.fashionmnist.training.operator.config;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fashionmnist.training.api.v1alpha1.ClusterPlacement;
import io.fashionmnist.training.api.v1alpha1.ClusterPlacement.Resources;
import io.fashionmnist.training.api.v1alpha1.Placement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What whoever installs the operator decides; everything has a default.
 *
 * @param installation goes into the names and labels of what the operator makes, so that two
 *     installations never touch each other's
 * @param trainer the trainer that jobs run unless they bring their own
 * @param output where results go unless a job says
 * @param placements where jobs run unless they say; never empty
 * @param tenants what namespaces may use; the first whose pattern matches counts
 * @param progress how trainers report
 * @param vertex how Vertex AI is reached, and what placements there get unless they say
 * @param registry how models get into the Model Registry
 * @param web the page for people
 * @param tracing where traces go
 * @param api how people's programs find this operator
 */
public record OperatorSettings(
    String installation,
    TrainerSettings trainer,
    OutputSettings output,
    List<Placement> placements,
    List<Tenant> tenants,
    ProgressSettings progress,
    VertexSettings vertex,
    RegistrySettings registry,
    WebSettings web,
    TracingSettings tracing,
    ApiSettings api) {

  public OperatorSettings {
    installation = installation == null ? "fashion-training" : installation;
    trainer = trainer == null ? new TrainerSettings(null, null, null) : trainer;
    output = output == null ? new OutputSettings(null) : output;
    placements =
        placements == null || placements.isEmpty()
            ? List.of(new Placement("cluster", null, null, ClusterPlacement.defaults()))
            : List.copyOf(placements);
    tenants =
        tenants == null || tenants.isEmpty() ? List.of(Tenant.everyone()) : List.copyOf(tenants);
    progress = progress == null ? new ProgressSettings(null, null, null, null, null) : progress;
    vertex = vertex == null ? VertexSettings.none() : vertex;
    registry = registry == null ? new RegistrySettings(null, null) : registry;
    web = web == null ? new WebSettings(false) : web;
    tracing = tracing == null ? new TracingSettings(null, null) : tracing;
    api = api == null ? new ApiSettings(null, null) : api;
  }

  /** The settings of an empty file. */
  public static OperatorSettings defaults() {
    return new OperatorSettings(null, null, null, null, null, null, null, null, null, null, null);
  }

  /** What a namespace may use: the first entry whose pattern fits it. */
  public Optional<Tenant> tenant(String namespace) {
    return tenants.stream()
        .filter(each -> Tenant.matches(each.namespaces(), namespace))
        .findFirst();
  }

  /** Name of the Lease that says which replica works. */
  public String lease() {
    return installation + "-operator";
  }

  /** The operator's own trainer. */
  public record TrainerSettings(String image, String imagePullPolicy, Resources resources) {
    public TrainerSettings {
      image = image == null ? "fashion-trainer:0.1.0-SNAPSHOT" : image;
      resources =
          resources == null
              ? new Resources(
                  Map.of("cpu", new Quantity("1"), "memory", new Quantity("1Gi")),
                  Map.of("memory", new Quantity("2Gi")))
              : resources;
    }

    /** When the cluster pulls the image, if not as Kubernetes would have it. */
    public Optional<String> pullPolicy() {
      return Optional.ofNullable(imagePullPolicy);
    }
  }

  /** Where results go by default. */
  public record OutputSettings(String uri) {
    /** The folder, if one is set. */
    public Optional<String> defaultUri() {
      return Optional.ofNullable(uri).filter(text -> !text.isBlank());
    }
  }

  /**
   * Where traces go.
   *
   * @param endpoint a collector that takes OTLP by HTTP, such as http://collector:4318; absent: no
   *     traces are made
   * @param headers a folder with a file for each header that the collector wants, such as a mounted
   *     Secret; absent: none
   */
  public record TracingSettings(String endpoint, String headers) {
    /** The collector, if there is one. */
    public Optional<String> collector() {
      return Optional.ofNullable(endpoint).filter(text -> !text.isBlank());
    }

    /** Where its headers are, if it wants any. */
    public Optional<Path> headersFolder() {
      return Optional.ofNullable(headers).filter(text -> !text.isBlank()).map(Path::of);
    }
  }

  /**
   * How trainers report.
   *
   * @param url where their pods reach this operator; absent: they don't, and metrics come at the
   *     end alone
   * @param port where it is served
   * @param secret the Secret with the certificate
   * @param dnsNames names that the certificate is for
   * @param issued Operator, or External for a certificate that someone else keeps in the Secret
   */
  public record ProgressSettings(
      String url, Integer port, String secret, List<String> dnsNames, String issued) {
    public ProgressSettings {
      port = port == null ? 8443 : port;
      secret = secret == null ? "fashion-training-operator-progress-tls" : secret;
      dnsNames = dnsNames == null ? List.of() : List.copyOf(dnsNames);
      issued = issued == null ? "Operator" : issued;
    }

    /** Where trainers post, if they are to. */
    public Optional<String> reachedAt() {
      return Optional.ofNullable(url).filter(text -> !text.isBlank());
    }
  }

  /**
   * The page for people.
   *
   * @param enabled whether it is served, on the port of {@link ProgressSettings}
   */
  public record WebSettings(boolean enabled) {}

  /**
   * How programs that ask the operator find it.
   *
   * @param configMap where it tells how it is reached and what to trust; absent: nowhere
   * @param serviceAccount the account that people without a token of their own ask as
   */
  public record ApiSettings(String configMap, String serviceAccount) {
    /** Where it is told, if it is. */
    public Optional<String> publishedIn() {
      return Optional.ofNullable(configMap).filter(text -> !text.isBlank());
    }

    /** Whom people without a token ask as, if there is one. */
    public Optional<String> reader() {
      return Optional.ofNullable(serviceAccount).filter(text -> !text.isBlank());
    }
  }
}
