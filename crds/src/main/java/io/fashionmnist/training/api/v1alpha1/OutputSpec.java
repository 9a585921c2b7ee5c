package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where the results go. */
public record OutputSpec(
    @JsonPropertyDescription(
            "Folder for the results: gs://bucket/prefix or pvc://claim/path. Every attempt writes"
                + " to a folder of its own below it, named by the job and the attempt.")
        @Required
        @Size(min = 1, max = 1_024)
        @ValidationRule(
            value =
                "self.matches('^gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](/.*)?$') ||"
                    + " self.matches('^pvc://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(/.*)?$')",
            message = "output.uri must be gs://bucket/prefix or pvc://claim/path")
        @ValidationRule(
            value = "!self.matches('(^|/)[.][.]?(/|$)')",
            message = "output.uri must not have . or .. as a part of its path")
        String uri) {}
