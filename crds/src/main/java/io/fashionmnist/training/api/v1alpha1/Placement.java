package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Optional;

/** One place where the job may run. */
@ValidationRule(
    value = "has(self.vertex) != has(self.cluster)",
    message = "set exactly one of vertex and cluster in each placement")
public record Placement(
    @JsonPropertyDescription(
            "The placement's name, unique in its list: letters, digits and hyphens.")
        @Required
        @Size(min = 1, max = Placement.MAX_NAME)
        @Pattern(Placement.NAME_FORM)
        String name,
    @JsonPropertyDescription(
            "How long an attempt here may wait for capacity before the next placement is tried, such"
                + " as 90s, 10m or 1h30m. Default: 10m.")
        @Size(min = 2, max = 32)
        @ValidationRule(
            value =
                "self.matches('^([0-9]{1,5}h)?([0-9]{1,5}m)?([0-9]{1,6}s)?$') && duration(self) >"
                    + " duration('0s')",
            message = "maxQueueDuration must be a duration such as 90s, 10m or 1h30m")
        String maxQueueDuration,
    @JsonPropertyDescription("Run as a Vertex AI custom job.") VertexPlacement vertex,
    @JsonPropertyDescription("Run as a pod in this cluster.") ClusterPlacement cluster) {

  private static final int MAX_NAME = 63;
  private static final String NAME_FORM = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$";
  private static final Duration DEFAULT_QUEUE_DURATION = Duration.ofMinutes(10);

  /**
   * Why an attempt can't be made of it, as far as the definition's rules refuse that; for
   * placements that do not come through the API server.
   */
  public Optional<String> complaint() {
    if (name == null) {
      return Optional.of("each must have a name");
    }
    if (!name.matches(NAME_FORM) || name.length() > MAX_NAME) {
      return Optional.of(
          "%s must be lower-case letters, digits and hyphens, %d at most"
              .formatted(name, MAX_NAME));
    }
    if ((vertex == null) == (cluster == null)) {
      return Optional.of("%s must have exactly one of vertex and cluster".formatted(name));
    }
    if (maxQueueDuration != null && !Durations.valid(maxQueueDuration)) {
      return Optional.of(
          "%s: maxQueueDuration %s must be a duration such as 90s, 10m or 1h30m"
              .formatted(name, maxQueueDuration));
    }
    return Optional.ofNullable(vertex)
        .flatMap(VertexPlacement::complaint)
        .map(what -> "%s %s".formatted(name, what));
  }

  /** Which backend this is a place on. */
  public Backend backend() {
    return vertex == null ? Backend.CLUSTER : Backend.VERTEX;
  }

  /** How long an attempt may wait for capacity here. */
  public Duration queueDuration() {
    return Optional.ofNullable(maxQueueDuration)
        .map(Durations::parse)
        .orElse(DEFAULT_QUEUE_DURATION);
  }
}
