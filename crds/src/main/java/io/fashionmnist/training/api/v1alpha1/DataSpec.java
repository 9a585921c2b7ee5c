package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What to train on. */
public record DataSpec(
    @JsonPropertyDescription(
            "Folder with the images and labels as IDX files, gzipped or not: gs://bucket/prefix,"
                + " https://host/path, pvc://claim/path, or file:///path in the image.")
        @Required
        @Size(min = 1, max = 1_024)
        @ValidationRule(
            value =
                "self.matches('^gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](/.*)?$') ||"
                    + " self.matches('^https://[^/ ]+(/.*)?$') || self.matches('^file:///.+$') ||"
                    + " self.matches('^pvc://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(/.*)?$')",
            message =
                "data.uri must be gs://bucket/prefix, https://host/path, pvc://claim/path or"
                    + " file:///path")
        @ValidationRule(
            value = "!self.matches('(^|/)[.][.]?(/|$)')",
            message = "data.uri must not have . or .. as a part of its path")
        String uri) {}
