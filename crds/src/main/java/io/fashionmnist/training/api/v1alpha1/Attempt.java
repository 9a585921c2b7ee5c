package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/** One try at the job on one placement. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Attempt(
    @JsonPropertyDescription("Number of the attempt, from 1.") @Required Integer number,
    @JsonPropertyDescription("Placement it was made on.") String placement,
    @JsonPropertyDescription("Backend of the placement.") Backend backend,
    @JsonPropertyDescription(
            "Name of what runs it: a Job in the cluster, or a Vertex AI custom job's resource name.")
        String externalName,
    @JsonPropertyDescription("Where the attempt stands or how it ended.") AttemptState state,
    @JsonPropertyDescription("Why, in one word.") String reason,
    @JsonPropertyDescription("Why, and what can be done, for people.") String message,
    @JsonPropertyDescription("Quota metrics that were exceeded.") List<String> quotaMetrics,
    @JsonPropertyDescription("Folder of its results.") String outputUri,
    @JsonPropertyDescription("When it was decided on, RFC 3339.") String startTime,
    @JsonPropertyDescription("When its end was seen, RFC 3339.") String endTime) {

  public Attempt {
    quotaMetrics = quotaMetrics == null ? List.of() : List.copyOf(quotaMetrics);
  }

  /** The same attempt in another state. */
  public Attempt as(AttemptState state, String reason, String message) {
    return new Attempt(
        number,
        placement,
        backend,
        externalName,
        state,
        reason,
        message,
        quotaMetrics,
        outputUri,
        startTime,
        endTime);
  }

  /** The same attempt, over. */
  public Attempt endedAt(String time) {
    return new Attempt(
        number,
        placement,
        backend,
        externalName,
        state,
        reason,
        message,
        quotaMetrics,
        outputUri,
        startTime,
        time);
  }
}
