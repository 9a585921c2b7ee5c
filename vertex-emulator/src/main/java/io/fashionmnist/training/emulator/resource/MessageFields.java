package io.fashionmnist.training.emulator.resource;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.fashionmnist.training.emulator.filter.Compare;
import io.fashionmnist.training.emulator.filter.Fields;
import io.fashionmnist.training.emulator.filter.Filter.Operator;
import io.fashionmnist.training.emulator.filter.FilterException;
import io.fashionmnist.training.emulator.job.Times;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of any message, by the names in its definition: texts, enums, truth values, times,
 * labels, and free metadata as {@code metadata.field.number_value}.
 */
public record MessageFields(Message message) implements Fields {
  @Override
  public boolean compare(String field, Operator operator, String value) {
    String name = snake(field.split("\\.", 2)[0]);
    FieldDescriptor known = message.getDescriptorForType().findFieldByName(name);
    if (known == null) {
      throw new FilterException("the field \"" + field + "\" cannot be filtered by");
    }
    if (known.isMapField()) {
      return Compare.label(labels(known), field, operator, value);
    }
    Object actual = message.getField(known);
    return switch (actual) {
      case String text -> Compare.text(text, operator, value);
      case Boolean truth -> Compare.text(truth.toString(), operator, value);
      case EnumValueDescriptor state -> Compare.text(state.getName(), operator, value);
      case Timestamp time -> Compare.time(Times.instant(time), operator, value);
      case Collection<?> several -> several.stream().anyMatch(each -> text(each, operator, value));
      case Struct free -> free(free, field, operator, value);
      default -> throw new FilterException("the field \"" + field + "\" cannot be filtered by");
    };
  }

  /** The order that a field gives: of texts, or of times. */
  public static Comparator<Message> order(String field) {
    return (one, other) -> key(one, field).compareTo(key(other, field));
  }

  private static String key(Message message, String field) {
    FieldDescriptor known = message.getDescriptorForType().findFieldByName(snake(field));
    return switch (known == null ? null : message.getField(known)) {
      case String text -> text;
      case Timestamp time -> "%020d.%09d".formatted(time.getSeconds(), time.getNanos());
      case null, default ->
          throw new FilterException("the field \"" + field + "\" cannot be ordered by");
    };
  }

  private static boolean text(Object actual, Operator operator, String value) {
    return Compare.text(actual.toString(), operator, value);
  }

  private Map<String, String> labels(FieldDescriptor field) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (Object entry : (Collection<?>) message.getField(field)) {
      MapEntry<?, ?> label = (MapEntry<?, ?>) entry;
      labels.put(label.getKey().toString(), label.getValue().toString());
    }
    return labels;
  }

  /** As in {@code metadata.accuracy.number_value}; a field's name in quotes may have dots. */
  private static boolean free(Struct free, String field, Operator operator, String value) {
    List<String> path =
        Arrays.stream(field.split("\\.(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"))
            .skip(1)
            .map(part -> part.replace("\"", ""))
            .toList();
    if (path.size() < 2) {
      throw new FilterException(
          "\"" + field + "\" needs a field and a type, as in metadata.field.string_value");
    }
    Optional<Value> found = Optional.of(Value.newBuilder().setStructValue(free).build());
    for (String name : path.subList(0, path.size() - 1)) {
      found =
          found.flatMap(
              each -> Optional.ofNullable(each.getStructValue().getFieldsMap().get(name)));
    }
    return found.isPresent()
        ? typed(found.get(), snake(path.getLast()), operator, value)
        : operator == Operator.NOT_EQUAL;
  }

  private static boolean typed(Value actual, String type, Operator operator, String value) {
    return switch (type) {
      case "string_value" ->
          actual.hasStringValue() && Compare.text(actual.getStringValue(), operator, value);
      case "bool_value" ->
          actual.hasBoolValue()
              && Compare.text(Boolean.toString(actual.getBoolValue()), operator, value);
      case "number_value" ->
          actual.hasNumberValue() && Compare.number(actual.getNumberValue(), operator, value);
      default -> throw new FilterException("\"" + type + "\" is not a type of a value");
    };
  }

  private static String snake(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
