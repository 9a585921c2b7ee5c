package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One setting of a {@link TrainingConfig}.
 *
 * @param path where it is in the configuration's JSON form, outermost first
 * @param type the values that it takes
 * @param description what it is, with its unit; the default is left to {@link #defaultText}
 * @param defaultValue the default recipe's value
 */
public record TrainingOption(
    List<String> path, OptionType type, String description, JsonNode defaultValue) {

  public TrainingOption {
    path = List.copyOf(path);
  }

  /** As in {@code augmentation.rotationDegrees}. */
  public String key() {
    return String.join(".", path);
  }

  /** As in {@code --augmentation.rotation-degrees}. */
  public String name() {
    return "--" + path.stream().map(TrainingOption::kebabCase).collect(Collectors.joining("."));
  }

  /** The default as it is written on a command line. */
  public String defaultText() {
    return type.text(defaultValue);
  }

  /** The value in a configuration's JSON form, which may leave it out. */
  public Optional<JsonNode> in(JsonNode tree) {
    JsonNode node = tree;
    for (String name : path) {
      node = node.path(name);
    }
    return Optional.of(node).filter(found -> !found.isMissingNode() && !found.isNull());
  }

  /** Sets the value in a configuration's JSON form. */
  public void put(ObjectNode tree, JsonNode value) {
    ObjectNode parent = tree;
    for (String section : path.subList(0, path.size() - 1)) {
      parent = parent.withObjectProperty(section);
    }
    parent.set(path.getLast(), value);
  }

  /** What is wrong with a value for this setting, if anything is. */
  public Optional<Violation> check(JsonNode value) {
    return type.check(value).map(requirement -> Violation.of(key(), value, requirement));
  }

  static String kebabCase(String camelCase) {
    return camelCase.replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}
