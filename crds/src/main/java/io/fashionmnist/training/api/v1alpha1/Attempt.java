package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;
import java.util.List;

/** One try at the job on one placement. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Attempt(
    @JsonPropertyDescription("Number of the attempt, from 1.") @Required Integer number,
    @JsonPropertyDescription("Placement it was made on.") String placement,
    @JsonPropertyDescription("Backend of the placement.") Backend backend,
    @JsonPropertyDescription(
            "Where it is on Vertex AI: projects/{project}/locations/{region}. Absent in the cluster.")
        String location,
    @JsonPropertyDescription(
            "Name of what runs it: a Job in the cluster, or a Vertex AI custom job's resource name,"
                + " absent until the service has told it.")
        String externalName,
    @JsonPropertyDescription("Where the attempt stands or how it ended.") AttemptState state,
    @JsonPropertyDescription("Why, in one word.") String reason,
    @JsonPropertyDescription("Why, and what can be done, for people.") String message,
    @JsonPropertyDescription("Quota metrics that were exceeded.") List<String> quotaMetrics,
    @JsonPropertyDescription("Folder of its results.") String outputUri,
    @JsonPropertyDescription("When it was decided on, RFC 3339.") String startTime,
    @JsonPropertyDescription(
            "When the creation of its custom job was begun again, RFC 3339; absent while that was"
                + " begun once.")
        String retryTime,
    @JsonPropertyDescription("When its end was seen, RFC 3339.") String endTime,
    @JsonPropertyDescription(
            "When its custom job was deleted, runPolicy.ttlSecondsAfterFinished being over, RFC"
                + " 3339.")
        String deletionTime) {

  public Attempt {
    quotaMetrics = quotaMetrics == null ? List.of() : List.copyOf(quotaMetrics);
  }

  /** When its creation was begun last: what that made is visible some time after. */
  public Instant begunLast() {
    return Instant.parse(retryTime == null ? startTime : retryTime);
  }

  /** The same attempt, whose creation is begun again. */
  public Attempt retriedAt(String time) {
    return new Attempt(
        number,
        placement,
        backend,
        location,
        externalName,
        state,
        reason,
        message,
        quotaMetrics,
        outputUri,
        startTime,
        time,
        endTime,
        deletionTime);
  }

  /** The same attempt in another state. */
  public Attempt as(AttemptState other, String otherReason, String otherMessage) {
    return with(externalName, other, otherReason, otherMessage, quotaMetrics, endTime);
  }

  /** The same attempt, its name told. */
  public Attempt named(String name) {
    return with(name, state, reason, message, quotaMetrics, endTime);
  }

  /** The same attempt, which these quota metrics stood in the way of. */
  public Attempt exceeding(List<String> metrics) {
    return with(externalName, state, reason, message, metrics, endTime);
  }

  /** The same attempt, over. */
  public Attempt endedAt(String time) {
    return with(externalName, state, reason, message, quotaMetrics, time);
  }

  /** Whether it has a custom job that was not deleted by the operator. */
  public boolean onRecord() {
    return backend == Backend.VERTEX && externalName != null && deletionTime == null;
  }

  /** The same attempt, its custom job deleted. */
  public Attempt deletedAt(String time) {
    return new Attempt(
        number,
        placement,
        backend,
        location,
        externalName,
        state,
        reason,
        message,
        quotaMetrics,
        outputUri,
        startTime,
        retryTime,
        endTime,
        time);
  }

  private Attempt with(
      String otherName,
      AttemptState otherState,
      String otherReason,
      String otherMessage,
      List<String> otherMetrics,
      String otherEnd) {
    return new Attempt(
        number,
        placement,
        backend,
        location,
        otherName,
        otherState,
        otherReason,
        otherMessage,
        otherMetrics,
        outputUri,
        startTime,
        retryTime,
        otherEnd,
        deletionTime);
  }
}
