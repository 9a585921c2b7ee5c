package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells whether a configuration can be trained with, and what is wrong where it cannot. */
public final class Constraints {
  private final TrainingSchema schema;

  public Constraints(TrainingSchema schema) {
    this.schema = schema;
  }

  /**
   * Everything wrong with a configuration: what is out of range or, when nothing is, what does not
   * fit together.
   */
  public List<Violation> check(TrainingConfig config) {
    ObjectNode tree = schema.tree(config);
    List<Violation> outOfRange =
        schema.options().stream().flatMap(option -> check(option, tree)).toList();
    return outOfRange.isEmpty() ? scheduleBelowLearningRate(config).stream().toList() : outOfRange;
  }

  /**
   * Everything wrong with a configuration in its JSON form, which may leave settings out: unknown
   * names, wrong types, values out of range. What does not fit together only shows once it is
   * complete.
   */
  public List<Violation> check(ObjectNode tree) {
    List<Violation> violations = new ArrayList<>(unknown(tree, schema.sections().getFirst()));
    for (TrainingSection section : members()) {
      JsonNode member = tree.path(section.key());
      if (member instanceof ObjectNode object) {
        violations.addAll(unknown(object, section));
      } else if (!member.isMissingNode() && !member.isNull()) {
        String requirement = "must be a group of settings, as in " + example(section);
        violations.add(Violation.of(section.key(), member, requirement));
      }
    }
    schema.options().stream().flatMap(option -> check(option, tree)).forEach(violations::add);
    return List.copyOf(violations);
  }

  private static Stream<Violation> check(TrainingOption option, JsonNode tree) {
    return option.in(tree).flatMap(option::check).stream();
  }

  private List<Violation> unknown(ObjectNode object, TrainingSection section) {
    return object.properties().stream()
        .filter(entry -> !known(section, entry.getKey()))
        .map(entry -> unknown(section, entry))
        .toList();
  }

  private boolean known(TrainingSection section, String name) {
    boolean member =
        section.key().isEmpty()
            && members().stream().anyMatch(candidate -> candidate.key().equals(name));
    return member
        || section.options().stream().anyMatch(option -> option.path().getLast().equals(name));
  }

  private Violation unknown(TrainingSection section, Map.Entry<String, JsonNode> entry) {
    String key = section.key().isEmpty() ? entry.getKey() : section.key() + "." + entry.getKey();
    List<String> keys =
        Stream.concat(
                schema.options().stream().map(TrainingOption::key),
                members().stream().map(TrainingSection::key))
            .toList();
    return new Violation(
        key, entry.getValue().toString(), "no such setting" + Spelling.hint(key, keys));
  }

  private List<TrainingSection> members() {
    return schema.sections().stream().skip(1).toList();
  }

  private static String example(TrainingSection section) {
    TrainingOption option = section.options().getFirst();
    return "%s: {%s: %s}"
        .formatted(section.key(), option.path().getLast(), option.defaultValue().toString());
  }

  private static Optional<Violation> scheduleBelowLearningRate(TrainingConfig config) {
    double lowest = config.schedule().minLearningRate();
    double rate = config.optimizer().learningRate();
    return config.schedule().type() == ScheduleType.CONSTANT || lowest <= rate
        ? Optional.empty()
        : Optional.of(
            new Violation(
                "schedule.minLearningRate",
                Decimals.text(lowest),
                "must be at most optimizer.learningRate, which is " + Decimals.text(rate)));
  }
}
