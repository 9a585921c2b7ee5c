package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * One aspect of the job's state, in the form of Kubernetes' {@code metav1.Condition}.
 *
 * @see <a
 *     href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties">API
 *     conventions</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @JsonPropertyDescription(
            "Created, Running, Restarting, Suspended, Succeeded, Failed, QuotaAvailable or"
                + " ModelRegistered.")
        @Required
        String type,
    @JsonPropertyDescription("True, False or Unknown.") @Required String status,
    @JsonPropertyDescription("Generation of the specification that it was judged by.")
        Long observedGeneration,
    @JsonPropertyDescription("When the status last changed, RFC 3339.") @Required
        String lastTransitionTime,
    @JsonPropertyDescription("Why, in one word.") @Required String reason,
    @JsonPropertyDescription("Why, and what can be done, for people.") String message) {

  public static final String CREATED = "Created";

  /** Also tells why the job does not run, for as long as it does not. */
  public static final String RUNNING = "Running";

  public static final String RESTARTING = "Restarting";
  public static final String SUSPENDED = "Suspended";
  public static final String SUCCEEDED = "Succeeded";
  public static final String FAILED = "Failed";
}
