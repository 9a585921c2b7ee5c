package io.fashionmnist.training.operator.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How models get into the Model Registry. Projects and regions that a job leaves out are those of
 * {@link VertexSettings}.
 */
public record RegistrySettings(
    @JsonPropertyDescription(
            "Account that uploads models, which the operator impersonates. Absent: the"
                + " operator's own.")
        String serviceAccount,
    @JsonPropertyDescription("Container that serves a model unless its job says.")
        String servingImage) {
  /** Google's own for TensorFlow, the newest of those that take a SavedModel as it is. */
  private static final String DEFAULT_SERVING_IMAGE =
      "us-docker.pkg.dev/vertex-ai/prediction/tf2-cpu.2-15:latest";

  private static final Pattern ACCOUNT =
      Pattern.compile("[^@\\s]+@[^@\\s]+\\.gserviceaccount\\.com");

  public RegistrySettings {
    servingImage = servingImage == null ? DEFAULT_SERVING_IMAGE : servingImage;
  }

  /** The account to impersonate. */
  public Optional<String> impersonated() {
    return Optional.ofNullable(serviceAccount).filter(text -> !text.isBlank());
  }

  /** What does not fit, each a sentence. */
  List<String> errors() {
    return impersonated()
        .filter(account -> !ACCOUNT.matcher(account).matches())
        .map(
            account ->
                "registry.serviceAccount: %s must look like name@project.iam.gserviceaccount.com"
                    .formatted(account))
        .stream()
        .toList();
  }
}
