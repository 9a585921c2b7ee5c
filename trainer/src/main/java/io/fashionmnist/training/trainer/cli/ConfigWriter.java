package io.fashionmnist.training.trainer.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fashionmnist.training.api.training.Decimals;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.api.training.TrainingSchema;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/** Writes configurations as the YAML that {@link ConfigReader} reads. */
final class ConfigWriter {
  private final TrainingSchema schema;
  private final ObjectMapper yaml =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  ConfigWriter(TrainingSchema schema) {
    this.schema = schema;
  }

  /** Every setting, numbers without exponents. */
  String yaml(TrainingConfig config) {
    ObjectNode tree = schema.tree(config);
    schema
        .options()
        .forEach(
            option ->
                option
                    .in(tree)
                    .filter(value -> value.isDouble())
                    .ifPresent(value -> option.put(tree, plain(value.doubleValue()))));
    try {
      return yaml.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DecimalNode plain(double value) {
    return DecimalNode.valueOf(new BigDecimal(Decimals.text(value)));
  }
}
