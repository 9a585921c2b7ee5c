package io.fashionmnist.training.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/api.md is what the definition says; {@code make generate} writes it. */
class ApiReferenceTest {
  private static final Path CHECKED_IN = Path.of("../docs/api.md");

  @Test
  void theReferenceIsTheDefinition() throws IOException {
    String generated = generate();
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(CHECKED_IN, generated);
    }
    assertThat(CHECKED_IN).content().as("run `make generate`").isEqualTo(generated);
  }

  private static String generate() {
    JSONSchemaProps root =
        new Definition()
            .resource()
            .getSpec()
            .getVersions()
            .getFirst()
            .getSchema()
            .getOpenAPIV3Schema();
    StringBuilder text =
        new StringBuilder(
            """
            # API reference

            `training.fashion-mnist.io/v1alpha1`, kind `FashionTrainingJob`, short name `ftj`. Made from the definition by `make generate`. What is absent has the default that its description names; the server writes no default into a manifest.
            """);
    for (String part : List.of("spec", "status")) {
      JSONSchemaProps schema = root.getProperties().get(part);
      text.append("\n## %s\n\n".formatted(part));
      text.append("| field | type | meaning |\n|---|---|---|\n");
      rows(part, schema, text);
      rules(part, schema, text);
    }
    rules("the whole", root, text);
    return text.toString();
  }

  private static void rows(String path, JSONSchemaProps schema, StringBuilder text) {
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach(
              (name, field) -> {
                String below = path + "." + name;
                text.append(
                    "| `%s` | %s | %s |\n"
                        .formatted(
                            below, type(field), cell(field.getDescription() + limits(field))));
                rows(below, field, text);
              });
    }
    if (schema.getItems() != null) {
      rows(path + "[]", schema.getItems().getSchema(), text);
    }
  }

  private static String type(JSONSchemaProps field) {
    if (Boolean.TRUE.equals(field.getXKubernetesIntOrString())) {
      return "quantity";
    }
    if (field.getItems() != null) {
      return "list of " + type(field.getItems().getSchema());
    }
    if (field.getAdditionalProperties() != null) {
      return "map of " + type(field.getAdditionalProperties().getSchema());
    }
    return field.getType();
  }

  private static String limits(JSONSchemaProps field) {
    List<String> limits = new ArrayList<>();
    if (field.getEnum() != null && !field.getEnum().isEmpty()) {
      limits.add(
          "one of "
              + field.getEnum().stream()
                  .map(value -> "`%s`".formatted(value.asText()))
                  .collect(Collectors.joining(", ")));
    }
    if (field.getMinimum() != null) {
      limits.add(
          (Boolean.TRUE.equals(field.getExclusiveMinimum()) ? "above " : "at least ")
              + number(field.getMinimum()));
    }
    if (field.getMaximum() != null) {
      limits.add(
          (Boolean.TRUE.equals(field.getExclusiveMaximum()) ? "below " : "at most ")
              + number(field.getMaximum()));
    }
    if (field.getMaxItems() != null) {
      limits.add("at most %d items".formatted(field.getMaxItems()));
    }
    return limits.isEmpty() ? "" : " *%s*".formatted(String.join(", ", limits));
  }

  private static String number(double value) {
    return value == Math.rint(value) ? "%.0f".formatted(value) : Double.toString(value);
  }

  private static void rules(String what, JSONSchemaProps schema, StringBuilder text) {
    if (schema.getXKubernetesValidations() == null
        || schema.getXKubernetesValidations().isEmpty()) {
      return;
    }
    text.append("\nRules for %s:\n\n".formatted(what));
    schema
        .getXKubernetesValidations()
        .forEach(rule -> text.append("- %s\n".formatted(rule.getMessage())));
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
