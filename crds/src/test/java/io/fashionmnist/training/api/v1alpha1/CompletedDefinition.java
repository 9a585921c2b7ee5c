package io.fashionmnist.training.api.v1alpha1;

import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds to the generated definition what fabric8 has no annotation for. */
final class CompletedDefinition implements CRDPostProcessor {
  /** Lists whose items have a name: appliers own items, not whole lists, and names are unique. */
  private static final Map<String, String> KEYS =
      Map.of(
          "placements", "name",
          "resolvedPlacements", "name",
          "attempts", "number",
          "conditions", "type",
          "env", "name");

  private static final Map<String, String> DESCRIPTIONS =
      Map.of(
          "spec", "What the user wants trained, on what, and where.",
          "status", "What the operator found out and did.");

  private static final List<String> COLUMNS =
      List.of("PHASE", "BACKEND", "PLACEMENT", "PROGRESS", "ACCURACY", "AGE");

  /**
   * Quantities as Kubernetes reads them, none below zero; it is for the texts among them. An empty
   * one would not be readable for the operator.
   */
  private static final String QUANTITY =
      "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$";

  /**
   * Maps of labels, and the form of their values; Vertex AI's may have letters of all languages.
   */
  private static final Map<String, Optional<String>> LABELS =
      Map.of(
          "nodeSelector", Optional.of(Forms.LABEL_VALUE),
          "podLabels", Optional.of(Forms.LABEL_VALUE),
          "labels", Optional.empty());

  private static final long MOST_ENTRIES_OF_A_MAP = 64;
  private static final long LONGEST_VALUE_OF_A_MAP = 1_024;

  @Override
  public HasMetadata process(HasMetadata definition, String version) {
    ((CustomResourceDefinition) definition)
        .getSpec()
        .getVersions()
        .forEach(CompletedDefinition::complete);
    return definition;
  }

  private static void complete(CustomResourceDefinitionVersion version) {
    version
        .getAdditionalPrinterColumns()
        .sort(Comparator.comparing(column -> COLUMNS.indexOf(column.getName())));
    for (CustomResourceColumnDefinition column : version.getAdditionalPrinterColumns()) {
      // The API server drops the default; a definition that has it differs for ever in GitOps.
      column.setPriority(null);
    }
    JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
    root.setDescription(
        "A training of an image classifier, tried on its placements in order, Vertex AI or the"
            + " cluster, until one has room for it.");
    root.setRequired(List.of("spec"));
    DESCRIPTIONS.forEach((name, text) -> root.getProperties().get(name).setDescription(text));
    complete(root);
  }

  private static void complete(JSONSchemaProps schema) {
    if (schema.getXKubernetesValidations() != null) {
      // A record's component and its accessor both carry the rule.
      schema.setXKubernetesValidations(
          schema.getXKubernetesValidations().stream().distinct().toList());
    }
    if (schema.getProperties() != null) {
      schema.getProperties().forEach(CompletedDefinition::complete);
    }
    if (schema.getItems() != null && schema.getItems().getSchema() != null) {
      complete(schema.getItems().getSchema());
    }
  }

  private static void complete(String name, JSONSchemaProps schema) {
    String key = KEYS.get(name);
    if (key != null) {
      JSONSchemaProps item = schema.getItems().getSchema();
      schema.setXKubernetesListType("map");
      schema.setXKubernetesListMapKeys(List.of(key));
      item.setRequired(with(key, item.getRequired()));
    }
    if (schema.getAdditionalProperties() != null) {
      schema.setMaxProperties(MOST_ENTRIES_OF_A_MAP);
      JSONSchemaProps value = schema.getAdditionalProperties().getSchema();
      if ("string".equals(value.getType())) {
        value.setMaxLength(
            LABELS.containsKey(name) ? Forms.LONGEST_LABEL_VALUE : LONGEST_VALUE_OF_A_MAP);
        LABELS.getOrDefault(name, Optional.empty()).ifPresent(value::setPattern);
      }
      if (Boolean.TRUE.equals(value.getXKubernetesIntOrString())) {
        value.setPattern(QUANTITY);
      }
    }
    complete(schema);
  }

  private static List<String> with(String name, List<String> names) {
    List<String> all = new ArrayList<>(names == null ? List.of() : names);
    if (!all.contains(name)) {
      all.add(name);
    }
    return all;
  }
}
