package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** What the trainer leaves in the container's termination message, as JSON. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TerminationMessage(
    @JsonPropertyDescription(
            "The exit code that the trainer chose; absent when it was killed before it could.")
        Integer exitCode,
    @JsonPropertyDescription("What went wrong, in one line; absent when nothing did.") String error,
    @JsonPropertyDescription("How far the training came, with as many details as there is room.")
        TrainingReport report) {

  /** Kubernetes cuts a longer message. */
  public static final int MAXIMUM_BYTES = 4_096;
}
