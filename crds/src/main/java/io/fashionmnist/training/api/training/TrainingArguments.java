package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The command-line form of a configuration, {@code --model.filters=32,64,128}: what the trainer is
 * started with wherever it runs, and what Vertex AI shows of it.
 */
public final class TrainingArguments {
  private final TrainingSchema schema;

  public TrainingArguments(TrainingSchema schema) {
    this.schema = schema;
  }

  /** The complete command line of a configuration: every setting, defaults too. */
  public List<String> of(TrainingConfig config) {
    ObjectNode tree = schema.tree(config);
    return schema.options().stream()
        .map(option -> option.name() + "=" + option.type().text(option.in(tree).orElseThrow()))
        .toList();
  }

  /**
   * Reads arguments as {@link #of} writes them; a setting may be left out and takes its default.
   *
   * @throws IllegalArgumentException for an argument of another form, an unknown name or a value
   *     that {@link Constraints} would refuse
   */
  public TrainingConfig parse(List<String> arguments) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(argument + ": must be --name=value");
      }
      String name = argument.substring(0, equals);
      TrainingOption option =
          schema
              .option(name)
              .orElseThrow(() -> new IllegalArgumentException(name + ": no such option"));
      option.put(tree, option.type().parse(argument.substring(equals + 1)));
    }
    new Constraints(schema)
        .check(tree).stream()
            .findFirst()
            .ifPresent(
                violation -> {
                  throw new IllegalArgumentException(violation.message());
                });
    return schema.config(tree);
  }
}
