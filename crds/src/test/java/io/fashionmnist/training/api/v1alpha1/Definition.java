package io.fashionmnist.training.api.v1alpha1;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What the chart's resource definition says about a job's specification. */
final class Definition {
  private final CustomResourceDefinition definition =
      Tables.read("fashiontrainingjobs.yaml", CustomResourceDefinition.class);

  CustomResourceDefinition resource() {
    return definition;
  }

  /** All rules, of every field and of the whole. */
  List<ValidationRule> rules() {
    List<ValidationRule> rules = new ArrayList<>();
    visit("", root(), (path, schema) -> rules.addAll(orEmpty(schema.getXKubernetesValidations())));
    return rules;
  }

  /** Paths of the specification's fields: {@code spec.placements[].vertex.labels.*}. */
  List<String> fields() {
    List<String> fields = new ArrayList<>();
    visit("spec", spec(), (path, schema) -> fields.add(path));
    return fields;
  }

  /** Limits of the specification's fields by path and kind; for {@code malformed}, the pattern. */
  SortedMap<String, Map<Limit, Object>> limits() {
    SortedMap<String, Map<Limit, Object>> limits = new TreeMap<>();
    visit(
        "spec",
        spec(),
        (path, schema) -> {
          limits.computeIfAbsent(path, key -> new EnumMap<>(Limit.class)).putAll(limits(schema));
          for (String name : orEmpty(schema.getRequired())) {
            limits
                .computeIfAbsent(path + "." + name, key -> new EnumMap<>(Limit.class))
                .put(Limit.REQUIRED, true);
          }
        });
    limits.values().removeIf(Map::isEmpty);
    return limits;
  }

  private static Map<Limit, Object> limits(JSONSchemaProps schema) {
    boolean above = Boolean.TRUE.equals(schema.getExclusiveMinimum());
    boolean below = Boolean.TRUE.equals(schema.getExclusiveMaximum());
    Map<Limit, Object> limits = new LinkedHashMap<>();
    limits.put(above ? Limit.ABOVE : Limit.LEAST, schema.getMinimum());
    limits.put(below ? Limit.BELOW : Limit.MOST, schema.getMaximum());
    limits.put(Limit.SHORTEST, schema.getMinLength());
    limits.put(Limit.LONGEST, schema.getMaxLength());
    limits.put(Limit.FEWEST_ITEMS, schema.getMinItems());
    limits.put(Limit.MOST_ITEMS, schema.getMaxItems());
    limits.put(Limit.MOST_ENTRIES, schema.getMaxProperties());
    limits.put(Limit.MALFORMED, schema.getPattern());
    limits.put(
        Limit.CHOICES,
        orEmpty(schema.getEnum()).isEmpty()
            ? null
            : schema.getEnum().stream().map(choice -> choice.asText()).toList());
    limits.values().removeIf(bound -> bound == null);
    return limits;
  }

  private static void visit(
      String path, JSONSchemaProps schema, BiConsumer<String, JSONSchemaProps> visitor) {
    visitor.accept(path, schema);
    if (schema.getProperties() != null) {
      schema.getProperties().forEach((name, member) -> visit(path + "." + name, member, visitor));
    }
    if (schema.getItems() != null) {
      visit(path + "[]", schema.getItems().getSchema(), visitor);
    }
    if (schema.getAdditionalProperties() != null) {
      visit(path + ".*", schema.getAdditionalProperties().getSchema(), visitor);
    }
  }

  private JSONSchemaProps spec() {
    return root().getProperties().get("spec");
  }

  private JSONSchemaProps root() {
    return definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
