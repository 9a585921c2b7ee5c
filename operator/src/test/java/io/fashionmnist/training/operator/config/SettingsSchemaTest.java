package io.fashionmnist.training.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the chart lets through is what the operator knows. */
class SettingsSchemaTest {
  private static final Path SCHEMA =
      Path.of("../helm/fashion-training-operator/values.schema.json");

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
