package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import java.util.Optional;

/**
 * A Vertex AI custom job of one worker.
 *
 * @see <a
 *     href="https://cloud.google.com/vertex-ai/docs/reference/rest/v1/CustomJobSpec">CustomJobSpec</a>
 */
@ValidationRule(
    value = "has(self.acceleratorType) == has(self.acceleratorCount)",
    message = "acceleratorType and acceleratorCount go together: set both or none")
public record VertexPlacement(
    @JsonPropertyDescription("Google Cloud project. Default: the operator's.")
        @Size(min = 1, max = 63)
        @Pattern(VertexPlacement.PROJECT_FORM)
        String project,
    @JsonPropertyDescription("Region, such as us-central1. Default: the operator's.")
        @Size(min = 1, max = 63)
        @Pattern(VertexPlacement.REGION_FORM)
        String region,
    @JsonPropertyDescription("Machine type, such as n1-standard-4.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern(VertexPlacement.MACHINE_TYPE_FORM)
        String machineType,
    @JsonPropertyDescription(
            "Accelerator type, such as NVIDIA_TESLA_T4; needs a trainer.image that uses it. Default:"
                + " none.")
        @Size(min = 1, max = 63)
        @Pattern("^[A-Z][A-Z0-9_]*$")
        String acceleratorType,
    @JsonPropertyDescription("How many accelerators.") @Min(1) @Max(16) Integer acceleratorCount,
    @JsonPropertyDescription("Size of the SSD boot disk in GB. Default: 100.")
        @Min(100)
        @Max(64_000)
        Integer bootDiskSizeGb,
    @JsonPropertyDescription(
            "Standard or Spot: Spot is cheaper, has a quota of its own, and may be taken away."
                + " Default: Standard.")
        Strategy strategy,
    @JsonPropertyDescription("Service account the job runs as. Default: the operator's setting.")
        @Size(min = 1, max = 254)
        String serviceAccount,
    @JsonPropertyDescription(
            "VPC network to peer with: projects/{number}/global/networks/{name}. Default: none.")
        @Size(min = 1, max = 254)
        String network,
    @JsonPropertyDescription("Labels of the custom job.") Map<String, String> labels,
    @JsonPropertyDescription(
            "Replaces output.uri here: gs://bucket/prefix, the bucket in the job's region.")
        @Size(min = 1, max = 1_024)
        @ValidationRule(
            value = "self.matches('^gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](/.*)?$')",
            message = "outputUri must be gs://bucket/prefix")
        @ValidationRule(
            value = "!self.matches('(^|/)[.][.]?(/|$)')",
            message = "outputUri must not have . or .. as a part of its path")
        String outputUri) {

  private static final String PROJECT_FORM = "^[a-z0-9]([a-z0-9:.-]*[a-z0-9])?$";
  private static final String REGION_FORM = "^[a-z]+-[a-z]+[0-9]+$";
  private static final String MACHINE_TYPE_FORM = "^[a-z][a-z0-9]*-[a-z0-9-]+$";

  public VertexPlacement {
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    strategy = strategy == null ? Strategy.STANDARD : strategy;
  }

  /** Why no custom job can be made of it; see {@link Placement#complaint()}. */
  Optional<String> complaint() {
    if (machineType == null) {
      return Optional.of("needs vertex.machineType, such as n1-standard-4");
    }
    return misspelt("machineType", machineType, MACHINE_TYPE_FORM)
        .or(() -> misspelt("region", region, REGION_FORM))
        .or(() -> misspelt("project", project, PROJECT_FORM));
  }

  private static Optional<String> misspelt(String field, String value, String form) {
    return Optional.ofNullable(value)
        .filter(text -> !text.matches(form))
        .map(text -> "has vertex.%s %s, which is not of the form %s".formatted(field, text, form));
  }

  /** How Vertex AI provisions the machine. */
  public enum Strategy {
    @JsonProperty("Standard")
    STANDARD,
    @JsonProperty("Spot")
    SPOT
  }
}
