package io.fashionmnist.training.trainer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.api.training.TrainingSchema;
import java.util.List;

/** Makes one configuration of several partial ones. */
final class ConfigLayers {
  private final TrainingSchema schema;

  ConfigLayers(TrainingSchema schema) {
    this.schema = schema;
  }

  /**
   * Lays valid partial configurations over each other, setting by setting: the last that has one
   * wins, and what none has takes its default. A list is one setting.
   */
  TrainingConfig merge(List<ObjectNode> layers) {
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (ObjectNode layer : layers) {
      schema
          .options()
          .forEach(option -> option.in(layer).ifPresent(value -> option.put(merged, value)));
    }
    return schema.config(merged);
  }
}
