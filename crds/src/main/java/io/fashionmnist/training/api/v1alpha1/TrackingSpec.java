package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Vertex AI Experiments. */
public record TrackingSpec(
    @JsonPropertyDescription("Google Cloud project. Default: the operator's.")
        @Size(min = 1, max = 63)
        String project,
    @JsonPropertyDescription("Region, such as us-central1. Default: the operator's.")
        @Size(min = 1, max = 63)
        String location,
    @JsonPropertyDescription(
            "Name of the experiment; made if there is none. Our own trainer tracks its runs there.")
        @Required
        @Size(min = 4, max = 63)
        @Pattern("^[a-z0-9][a-z0-9-]*$")
        String experiment,
    @JsonPropertyDescription(
            "Tensorboard instance for the curves:"
                + " projects/{project}/locations/{location}/tensorboards/{id}. Default: the"
                + " project's default one.")
        @Size(min = 1, max = 254)
        String tensorboard) {}
