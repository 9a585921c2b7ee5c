package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * Vertex AI Model Registry: where a good model goes.
 *
 * @see <a
 *     href="https://github.com/googleapis/googleapis/blob/master/google/cloud/aiplatform/v1/model_service.proto">model_service.proto:
 *     what ids and aliases may be</a>
 */
public record RegistrySpec(
    @JsonPropertyDescription("Google Cloud project. Default: the operator's.")
        @Size(min = 1, max = 63)
        String project,
    @JsonPropertyDescription("Region, such as us-central1. Default: the operator's.")
        @Size(min = 1, max = 63)
        String location,
    @JsonPropertyDescription("Id of the model; each success becomes a version of it.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z]([a-z0-9_-]*[a-z0-9])?$")
        String modelId,
    @JsonPropertyDescription("The model's name for people. Default: its id.")
        @Size(min = 1, max = 128)
        String displayName,
    @JsonPropertyDescription("Aliases that move to the new version.") @Size(max = 16)
        List<@Size(min = 2, max = 128) @Pattern("^[a-z][a-zA-Z0-9-]*[a-z0-9]$") String> aliases,
    @JsonPropertyDescription(
            "Container that serves the model. Default: Google's for TensorFlow, current.")
        @Size(min = 1, max = 512)
        String servingImage,
    @JsonPropertyDescription("Test accuracy that the model must reach to be uploaded. Default: 0.")
        @Min(0)
        @Max(1)
        Double minimumAccuracy) {

  public RegistrySpec {
    aliases = aliases == null ? List.of() : List.copyOf(aliases);
  }
}
