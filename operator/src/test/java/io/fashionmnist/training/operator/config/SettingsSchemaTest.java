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
    // The chart fills it in from its own values.
    settings.remove("progress");

    assertThat(names(config)).isEqualTo(settings);
    assertThat(names(config.at("/vertex/properties"))).isEqualTo(components(VertexSettings.class));
    assertThat(names(config.at("/tracing/properties")))
        .isEqualTo(components(OperatorSettings.TracingSettings.class));
    assertThat(names(config.at("/registry/properties")))
        .isEqualTo(components(RegistrySettings.class));
    assertThat(names(config.at("/trainer/properties")))
        .isEqualTo(components(OperatorSettings.TrainerSettings.class));
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
