package io.fashionmnist.training.operator.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fashionmnist.training.api.v1alpha1.ClusterPlacement;
import io.fashionmnist.training.api.v1alpha1.ClusterPlacement.Resources;
import io.fashionmnist.training.api.v1alpha1.Placement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What whoever installs the operator decides; everything has a default. */
public record OperatorSettings(
    @JsonPropertyDescription(
            "Goes into the names and labels of what the operator makes, so that two"
                + " installations never touch each other's: lower-case letters, digits and"
                + " hyphens, 48 at most. Jobs that run lose their pods when it changes.")
        String installation,
    @JsonPropertyDescription("The trainer that jobs run unless they bring their own.")
        TrainerSettings trainer,
    @JsonPropertyDescription("Where results go unless a job says.") OutputSettings output,
    @JsonPropertyDescription(
            "Where jobs run unless they say, in order; each as in a job's spec.placements.")
        List<Placement> placements,
    @JsonPropertyDescription(
            "What namespaces may use; the first entry whose pattern fits a namespace" + " counts.")
        List<Tenant> tenants,
    @JsonPropertyDescription(
            "How trainers report, and by what certificate the operator serves HTTPS. The"
                + " chart writes it.")
        ProgressSettings progress,
    @JsonPropertyDescription(
            "How Vertex AI is reached, and what placements there get unless they say.")
        VertexSettings vertex,
    @JsonPropertyDescription(
            "How models get into the Model Registry. Projects and regions that a job leaves"
                + " out are those of vertex.")
        RegistrySettings registry,
    @JsonPropertyDescription("The page for people.") WebSettings web,
    @JsonPropertyDescription("Where traces go.") TracingSettings tracing,
    @JsonPropertyDescription("How people's programs find this operator. The chart writes it.")
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
  public record TrainerSettings(
      @JsonPropertyDescription("Its image.") String image,
      @JsonPropertyDescription(
              "When the cluster pulls it: Always, IfNotPresent or Never. Absent: as"
                  + " Kubernetes would have it.")
          String imagePullPolicy,
      @JsonPropertyDescription(
              "What its container asks for and gets at most, unless the placement says.")
          Resources resources) {
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
  public record OutputSettings(
      @JsonPropertyDescription(
              "gs://bucket/prefix, or pvc://claim/path in the job's namespace. Absent: a job"
                  + " has to say.")
          String uri) {
    /** The folder, if one is set. */
    public Optional<String> defaultUri() {
      return Optional.ofNullable(uri).filter(text -> !text.isBlank());
    }
  }

  /** Where traces go. */
  public record TracingSettings(
      @JsonPropertyDescription(
              "A collector that takes OTLP by HTTP, such as http://collector:4318. Absent: no"
                  + " traces are made.")
          String endpoint,
      @JsonPropertyDescription(
              "A folder with a file for each header that the collector wants, such as a mounted"
                  + " Secret (the chart's tracing.headersSecret); read anew for each call. Absent:"
                  + " none.")
          String headers) {
    /** The collector, if there is one. */
    public Optional<String> collector() {
      return Optional.ofNullable(endpoint).filter(text -> !text.isBlank());
    }

    /** Where its headers are, if it wants any. */
    public Optional<Path> headersFolder() {
      return Optional.ofNullable(headers).filter(text -> !text.isBlank()).map(Path::of);
    }
  }

  /** How trainers report. */
  public record ProgressSettings(
      @JsonPropertyDescription(
              "Where trainers' pods reach this operator. Absent: they do not report, and"
                  + " metrics come at the end alone.")
          String url,
      @JsonPropertyDescription("Port of HTTPS: progress, questions and the page.") Integer port,
      @JsonPropertyDescription("Secret with the certificate, in the operator's namespace.")
          String secret,
      @JsonPropertyDescription("Names that the certificate is for.") List<String> dnsNames,
      @JsonPropertyDescription(
              "Operator: it makes and renews the certificate. External: someone else keeps it"
                  + " in the Secret.")
          String issued) {
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

  /** The page for people. */
  public record WebSettings(
      @JsonPropertyDescription("Whether it is served, on the port of progress.") boolean enabled) {}

  /** How programs that ask the operator find it. */
  public record ApiSettings(
      @JsonPropertyDescription(
              "ConfigMap in which the operator tells how it is reached and what to trust."
                  + " Absent: nowhere.")
          String configMap,
      @JsonPropertyDescription(
              "Account that people without a token of their own ask as. Absent: there is"
                  + " none.")
          String serviceAccount) {
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
