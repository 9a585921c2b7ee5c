package io.fashionmnist.training.operator.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceValidation;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the definition in the cluster with the operator's own. An older one would drop, without
 * a word, fields that this operator writes and relies on, and refuse every status with a value that
 * it does not know; a newer one does no harm.
 */
public final class DefinitionCheck {
  private static final int NAMED = 5;
  private static final String REMEDY =
      "upgrade the chart with crds.install, or kubectl apply --server-side --force-conflicts -f its"
          + " files/fashiontrainingjobs.yaml";

  private final KubernetesClient client;

  public DefinitionCheck(KubernetesClient client) {
    this.client = client;
  }

  /** Why the operator can't work with the cluster's definition; empty when it can. */
  public Optional<String> complaint() {
    CustomResourceDefinition own = own();
    String name = own.getMetadata().getName();
    CustomResourceDefinition installed =
        client.apiextensions().v1().customResourceDefinitions().withName(name).get();
    if (installed == null) {
      return Optional.of("The cluster has no definition %s: %s".formatted(name, REMEDY));
    }
    List<String> missing = missing(own, installed);
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The definition %s in the cluster is older than this operator; it lacks %s%s: %s"
                .formatted(
                    name,
                    String.join(", ", missing.subList(0, Math.min(NAMED, missing.size()))),
                    missing.size() > NAMED ? " and %d more".formatted(missing.size() - NAMED) : "",
                    REMEDY));
  }

  /** The fields of one definition, and the values of a field, that the other doesn't have. */
  static List<String> missing(CustomResourceDefinition own, CustomResourceDefinition installed) {
    List<String> missing = new ArrayList<>();
    for (CustomResourceDefinitionVersion version : own.getSpec().getVersions()) {
      schema(installed, version.getName())
          .ifPresentOrElse(
              theirs -> compare("", version.getSchema().getOpenAPIV3Schema(), theirs, missing),
              () -> missing.add("version " + version.getName()));
    }
    return missing;
  }

  private static void compare(
      String path, JSONSchemaProps own, JSONSchemaProps theirs, List<String> missing) {
    Map<String, JSONSchemaProps> known =
        theirs.getProperties() == null ? Map.of() : theirs.getProperties();
    if (own.getProperties() != null) {
      own.getProperties()
          .forEach(
              (name, schema) -> {
                String below = path.isEmpty() ? name : path + "." + name;
                if (known.containsKey(name)) {
                  compare(below, schema, known.get(name), missing);
                } else {
                  missing.add(below);
                }
              });
    }
    // Without values there is no limit to them.
    List<JsonNode> values = theirs.getEnum() == null ? List.of() : theirs.getEnum();
    if (own.getEnum() != null && !values.isEmpty()) {
      own.getEnum().stream()
          .filter(value -> !values.contains(value))
          .forEach(value -> missing.add("%s (%s)".formatted(path, value.asText())));
    }
    if (own.getItems() != null && own.getItems().getSchema() != null) {
      if (theirs.getItems() == null || theirs.getItems().getSchema() == null) {
        missing.add(path + "[]");
      } else {
        compare(path + "[]", own.getItems().getSchema(), theirs.getItems().getSchema(), missing);
      }
    }
  }

  private static Optional<JSONSchemaProps> schema(
      CustomResourceDefinition definition, String version) {
    return definition.getSpec().getVersions().stream()
        .filter(each -> each.getName().equals(version))
        .map(CustomResourceDefinitionVersion::getSchema)
        .map(CustomResourceValidation::getOpenAPIV3Schema)
        .findFirst();
  }

  private static CustomResourceDefinition own() {
    try (InputStream yaml =
        FashionTrainingJob.class.getResourceAsStream("fashiontrainingjobs.yaml")) {
      return Serialization.unmarshal(yaml, CustomResourceDefinition.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
