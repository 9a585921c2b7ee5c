package io.fashionmnist.training.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the chart lets through is what the operator knows. */
class SettingsSchemaTest {
  private static final Path SCHEMA =
      Path.of("../helm/fashion-training-operator/values.schema.json");

  private static final Path DEFINITION =
      Path.of("../helm/fashion-training-operator/files/fashiontrainingjobs.yaml");

  @Test
  void theChartKnowsTheSameSettings() throws IOException {
    JsonNode schema = new ObjectMapper().readTree(SCHEMA.toFile());
    JsonNode config = schema.at("/properties/config/properties");
    Set<String> settings = components(OperatorSettings.class);
    // The chart fills them in from its own values.
    settings.removeAll(Set.of("progress", "api"));

    assertThat(names(config)).isEqualTo(settings);
    for (RecordComponent each : OperatorSettings.class.getRecordComponents()) {
      if (each.getType().isRecord() && settings.contains(each.getName())) {
        assertThat(names(config.at("/%s/properties".formatted(each.getName()))))
            .as("config.%s", each.getName())
            .isNotEmpty()
            .isEqualTo(components(each.getType()));
        assertThat(config.at("/%s/additionalProperties".formatted(each.getName())).asBoolean(true))
            .as("others in config.%s", each.getName())
            .isFalse();
      }
    }
    assertThat(names(schema.at("/definitions/tenant/properties")))
        .isEqualTo(components(Tenant.class));
  }

  @Test
  void theChartRefusesPlacementsThatTheDefinitionRefuses() throws IOException {
    JsonNode chart = new ObjectMapper().readTree(SCHEMA.toFile()).at("/definitions/placement");
    JsonNode definition =
        new YAMLMapper()
            .readTree(DEFINITION.toFile())
            .at(
                "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/placements/items");
    for (String backend : List.of("vertex", "cluster")) {
      assertThat(form(chart.at("/properties/" + backend)))
          .isEqualTo(form(definition.at("/properties/" + backend)));
    }
  }

  /**
   * What a schema lets through, but for misspelt names, which Kubernetes drops with a warning and
   * the chart refuses, and for rules, which JSON Schema has not.
   */
  private static Object form(JsonNode schema) {
    if (!schema.isObject()) {
      return schema.isNumber() ? schema.asDouble() : schema;
    }
    Map<String, Object> form = new TreeMap<>();
    schema
        .properties()
        .forEach(
            each -> {
              if (!each.getKey().startsWith("x-kubernetes-") && !each.getValue().isBoolean()) {
                form.put(each.getKey(), form(each.getValue()));
              }
            });
    return form;
  }

  private static Set<String> names(JsonNode properties) {
    Set<String> names = new HashSet<>();
    properties.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> components(Class<?> type) {
    return new HashSet<>(
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList());
  }
}
