package io.fashionmnist.training.trainer.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.api.training.TrainingOption;
import io.fashionmnist.training.api.training.TrainingSchema;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration.
 *
 * @param options those that differ from the default recipe, as on a command line
 */
record SettingsTable(List<Section> sections, String options) {

  record Section(String title, List<Row> rows) {}

  record Row(String key, String description, String value, String defaultValue, boolean changed) {}

  static SettingsTable of(TrainingConfig config) {
    TrainingSchema schema = new TrainingSchema();
    JsonNode tree = schema.tree(config);
    List<Section> sections =
        schema.sections().stream()
            .map(
                section ->
                    new Section(
                        section.title(),
                        section.options().stream().map(option -> row(option, tree)).toList()))
            .toList();
    String options =
        schema.options().stream()
            .filter(option -> !text(option, tree).equals(option.defaultText()))
            .map(option -> option.name() + "=" + text(option, tree))
            .collect(Collectors.joining(" "));
    return new SettingsTable(sections, options);
  }

  private static Row row(TrainingOption option, JsonNode tree) {
    String value = text(option, tree);
    return new Row(
        option.key(),
        option.description(),
        value,
        option.defaultText(),
        !value.equals(option.defaultText()));
  }

  private static String text(TrainingOption option, JsonNode tree) {
    return option.in(tree).map(value -> option.type().text(value)).orElse("");
  }
}
