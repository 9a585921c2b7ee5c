package io.fashionmnist.training.trainer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fashionmnist.training.api.training.OptionType;
import io.fashionmnist.training.api.training.TrainingOption;
import io.fashionmnist.training.api.training.TrainingSchema;
import io.fashionmnist.training.api.training.TrainingSection;
import java.util.List;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** One command-line option for every setting of the training configuration, in its sections. */
final class SettingOptions {
  private final TrainingSchema schema;

  SettingOptions(TrainingSchema schema) {
    this.schema = schema;
  }

  void addTo(CommandSpec command) {
    int order = 0;
    for (TrainingSection section : schema.sections()) {
      ArgGroupSpec.Builder group =
          ArgGroupSpec.builder()
              .exclusive(false)
              .validate(false)
              .order(order++)
              .heading("%n" + section.title() + ": " + literal(section.description()) + "%n");
      section.options().forEach(option -> group.addArg(spec(option)));
      command.addArgGroup(group.build());
    }
  }

  /** The settings given on the command line, in the configuration's JSON form. */
  ObjectNode tree(ParseResult line) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    for (TrainingOption option : schema.options()) {
      if (line.hasMatchedOption(option.name())) {
        option.put(tree, option.type().parse(text(line, option)));
      }
    }
    return tree;
  }

  /** A line for every option whose value is not allowed. */
  List<String> problems(ParseResult line) {
    return schema.options().stream()
        .filter(option -> line.hasMatchedOption(option.name()))
        .flatMap(
            option ->
                TrainRequestFactory.problem(option.name(), option.type(), text(line, option))
                    .stream())
        .toList();
  }

  private static String text(ParseResult line, TrainingOption option) {
    return line.matchedOptionValue(option.name(), "");
  }

  private static OptionSpec spec(TrainingOption option) {
    return OptionSpec.builder(option.name())
        .type(String.class)
        .paramLabel(label(option.type()))
        .description(description(option))
        .build();
  }

  private static String[] description(TrainingOption option) {
    return new String[] {
      literal(option.description()),
      literal("%s. Default: %s.".formatted(values(option.type()), option.defaultText()))
    };
  }

  private static String values(OptionType type) {
    return switch (type) {
      case OptionType.IntegerType _, OptionType.NumberType _, OptionType.IntegerListType _ ->
          "Range: " + type.values();
      case OptionType.BooleanType _, OptionType.ChoiceType _ -> "One of: " + type.values();
    };
  }

  private static String label(OptionType type) {
    return switch (type) {
      case OptionType.IntegerType _ -> "<integer>";
      case OptionType.NumberType _ -> "<number>";
      case OptionType.BooleanType _ -> "<boolean>";
      case OptionType.ChoiceType _ -> "<name>";
      case OptionType.IntegerListType _ -> "<integer>,...";
    };
  }

  /** Text as picocli prints it unchanged. */
  private static String literal(String text) {
    return text.replace("%", "%%");
  }
}
