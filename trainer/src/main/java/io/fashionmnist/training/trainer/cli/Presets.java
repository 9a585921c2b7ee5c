package io.fashionmnist.training.trainer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Named configurations that come with the program. */
final class Presets {
  /** The default recipe, which has no settings of its own. */
  static final String DEFAULT = "default";

  /** Each but the default has a YAML file among the program's resources. */
  static final List<String> NAMES = List.of(DEFAULT, "fast");

  private final ConfigReader reader;

  Presets(ConfigReader reader) {
    this.reader = reader;
  }

  /** The preset's settings in the configuration's JSON form. */
  ObjectNode settings(String name) {
    return name.equals(DEFAULT)
        ? JsonNodeFactory.instance.objectNode()
        : reader.resource("/presets/" + name + ".yaml");
  }
}
