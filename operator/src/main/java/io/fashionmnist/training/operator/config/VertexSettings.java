package io.fashionmnist.training.operator.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fashionmnist.training.api.v1alpha1.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How Vertex AI is reached, and what placements there get unless they say. */
public record VertexSettings(
    @JsonPropertyDescription("Project of placements that name none.") String project,
    @JsonPropertyDescription("Region of placements that name none.") String region,
    @JsonPropertyDescription("Account that custom jobs run as when placements name none.")
        String serviceAccount,
    @JsonPropertyDescription(
            "host:port of an emulator that stands for every region, reached without TLS and"
                + " credentials. Absent: Google's endpoints.")
        String emulator,
    @JsonPropertyDescription(
            "Where Cloud Storage is when it is an emulator, such as http://storage:4443.")
        String storage,
    @JsonPropertyDescription("Time between two lists of the custom jobs in one region.")
        String interval,
    @JsonPropertyDescription("How long a reading of the project's quota holds.")
        String quotaInterval,
    @JsonPropertyDescription("The trainer's image where Vertex AI pulls it. Absent: trainer.image.")
        String image,
    @JsonPropertyDescription("Where buckets are that the operator can't look up: region by bucket.")
        Map<String, String> bucketRegions,
    @JsonPropertyDescription(
            "What becomes of the custom jobs of a resource that is deleted, once they are"
                + " over: Keep, the record in the console stays, or Delete.")
        String onDeletion) {

  private static final String KEEP = "Keep";
  private static final String DELETE = "Delete";
  private static final String DEFAULT_INTERVAL = "10s";
  private static final String DEFAULT_QUOTA_INTERVAL = "1m";

  public VertexSettings {
    bucketRegions = bucketRegions == null ? Map.of() : Map.copyOf(bucketRegions);
    onDeletion = onDeletion == null ? KEEP : onDeletion;
    interval = interval == null ? DEFAULT_INTERVAL : interval;
    quotaInterval = quotaInterval == null ? DEFAULT_QUOTA_INTERVAL : quotaInterval;
  }

  /** Google's own endpoints, and nothing by default. */
  public static VertexSettings none() {
    return new VertexSettings(null, null, null, null, null, null, null, null, null, null);
  }

  /** The default project. */
  public Optional<String> defaultProject() {
    return text(project);
  }

  /** The default region. */
  public Optional<String> defaultRegion() {
    return text(region);
  }

  /** The default service account. */
  public Optional<String> defaultServiceAccount() {
    return text(serviceAccount);
  }

  /** The emulator to use instead of Google's endpoints. */
  public Optional<String> plaintextEndpoint() {
    return text(emulator);
  }

  /** The storage emulator to use instead of Cloud Storage. */
  public Optional<String> storageEmulator() {
    return text(storage);
  }

  /** The trainer's image on Vertex AI. */
  public Optional<String> trainerImage() {
    return text(image);
  }

  /** Time between two lists of one region. */
  public Duration pollInterval() {
    return Durations.parse(interval);
  }

  /** How long a reading of quota holds. */
  public Duration quotaReadInterval() {
    return Durations.parse(quotaInterval);
  }

  /** Whether custom jobs that are over are deleted with their resource. */
  public boolean deletesRecords() {
    return onDeletion.equals(DELETE);
  }

  /** What does not fit, each a sentence. */
  List<String> errors() {
    return Stream.concat(durations(), deletion()).toList();
  }

  private Stream<String> deletion() {
    return List.of(KEEP, DELETE).contains(onDeletion)
        ? Stream.empty()
        : Stream.of("vertex.onDeletion: %s must be Keep or Delete".formatted(onDeletion));
  }

  private Stream<String> durations() {
    return Map.of("interval", interval, "quotaInterval", quotaInterval).entrySet().stream()
        .filter(each -> !Durations.valid(each.getValue()))
        .map(
            each ->
                "vertex.%s: %s must be a duration such as 10s or 1m"
                    .formatted(each.getKey(), each.getValue()))
        .sorted();
  }

  private static Optional<String> text(String value) {
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }
}
