package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fashionmnist.training.api.training.OptionType.BooleanType;
import io.fashionmnist.training.api.training.OptionType.ChoiceType;
import io.fashionmnist.training.api.training.OptionType.IntegerListType;
import io.fashionmnist.training.api.training.OptionType.IntegerType;
import io.fashionmnist.training.api.training.OptionType.NumberType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * All settings of a {@link TrainingConfig}, read from the records themselves: names from their
 * components, ranges and descriptions from the annotations, defaults from the default recipe.
 */
public final class TrainingSchema {
  private final List<TrainingSection> sections;

  public TrainingSchema() {
    List<TrainingOption> plain = new ArrayList<>();
    List<TrainingSection> members = new ArrayList<>();
    ObjectNode defaults = tree(TrainingConfig.defaults());
    for (RecordComponent component : TrainingConfig.class.getRecordComponents()) {
      if (component.getType().isRecord()) {
        members.add(section(component, defaults));
      } else {
        plain.add(option(List.of(component.getName()), component, defaults));
      }
    }
    List<TrainingSection> all = new ArrayList<>();
    all.add(new TrainingSection("", "The run as a whole.", plain));
    all.addAll(members);
    sections = List.copyOf(all);
  }

  /** The settings in groups, in the order of the records. */
  public List<TrainingSection> sections() {
    return sections;
  }

  /** Every setting, in the order of the records. */
  public List<TrainingOption> options() {
    return sections.stream().flatMap(section -> section.options().stream()).toList();
  }

  /** Finds a setting by its name on the command line, as in {@code --batch-size}. */
  public Optional<TrainingOption> option(String name) {
    return options().stream().filter(option -> option.name().equals(name)).findFirst();
  }

  /** A configuration in its JSON form, every setting written out. */
  public ObjectNode tree(TrainingConfig config) {
    return RecordTree.write(config);
  }

  /**
   * Reads a configuration from its JSON form, which may leave settings out.
   *
   * @param tree one that {@link Constraints} has no objection to
   */
  public TrainingConfig config(ObjectNode tree) {
    return RecordTree.read(TrainingConfig.class, tree);
  }

  private static TrainingSection section(RecordComponent member, ObjectNode defaults) {
    List<TrainingOption> options =
        Arrays.stream(member.getType().getRecordComponents())
            .map(leaf -> option(List.of(member.getName(), leaf.getName()), leaf, defaults))
            .toList();
    return new TrainingSection(member.getName(), description(member), options);
  }

  private static TrainingOption option(
      List<String> path, RecordComponent component, ObjectNode defaults) {
    JsonNode defaultValue = defaults;
    for (String name : path) {
      defaultValue = defaultValue.path(name);
    }
    String withoutDefault = description(component).replaceFirst("\\s*Default: .*$", "");
    return new TrainingOption(path, type(component), withoutDefault, defaultValue);
  }

  private static String description(RecordComponent component) {
    return component.getAccessor().getAnnotation(JsonPropertyDescription.class).value();
  }

  private static OptionType type(RecordComponent component) {
    Class<?> type = component.getType();
    AnnotatedElement annotated = component.getAnnotatedType();
    if (type == Integer.class || type == Long.class) {
      return integers(annotated, type);
    }
    if (type == Double.class) {
      return new NumberType(range(annotated, -Double.MAX_VALUE, Double.MAX_VALUE));
    }
    if (type == Boolean.class) {
      return new BooleanType();
    }
    if (type.isEnum()) {
      return new ChoiceType(
          Arrays.stream(type.getEnumConstants())
              .map(constant -> RecordTree.name((Enum<?>) constant))
              .toList());
    }
    if (annotated instanceof AnnotatedParameterizedType list && type == List.class) {
      Size size = annotated.getAnnotation(Size.class);
      return new IntegerListType(
          integers(list.getAnnotatedActualTypeArguments()[0], Integer.class),
          Math.toIntExact(size.min()),
          Math.toIntExact(size.max()));
    }
    throw new IllegalStateException("No command-line form for " + component);
  }

  private static IntegerType integers(AnnotatedElement annotated, Class<?> type) {
    return new IntegerType(
        type == Long.class
            ? range(annotated, Long.MIN_VALUE, Long.MAX_VALUE)
            : range(annotated, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  private static Range range(AnnotatedElement annotated, double lowest, double highest) {
    Min min = annotated.getAnnotation(Min.class);
    Max max = annotated.getAnnotation(Max.class);
    return new Range(
        min == null ? lowest : min.value(),
        min == null || min.inclusive(),
        max == null ? highest : max.value(),
        max == null || max.inclusive());
  }
}
