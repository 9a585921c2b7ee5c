package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Configuration records to and from their JSON form. The result is Jackson's own; it is built here
 * because a program's first use of an object mapper takes a fifth of a second.
 */
final class RecordTree {
  private RecordTree() {}

  /** Writes every component. */
  static ObjectNode write(Record record) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        object.set(component.getName(), node(component.getAccessor().invoke(record)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Cannot read " + component, e);
      }
    }
    return object;
  }

  /** Reads a record from values of the right types; what is absent is null to its constructor. */
  static <R extends Record> R read(Class<R> type, JsonNode tree) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(components[i].getType(), tree.path(components[i].getName()));
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make a " + type.getSimpleName(), e);
    }
  }

  /** An enum constant's name in JSON. */
  static String name(Enum<?> constant) {
    try {
      return constant
          .getDeclaringClass()
          .getField(constant.name())
          .getAnnotation(JsonProperty.class)
          .value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode node(Object value) {
    return switch (value) {
      case Integer number -> IntNode.valueOf(number);
      case Long number -> LongNode.valueOf(number);
      case Double number -> DoubleNode.valueOf(number);
      case Boolean flag -> BooleanNode.valueOf(flag);
      case Enum<?> constant -> TextNode.valueOf(name(constant));
      case List<?> list -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        list.forEach(entry -> array.add(node(entry)));
        yield array;
      }
      case Record record -> write(record);
      default -> throw new IllegalStateException("No JSON form for " + value.getClass());
    };
  }

  private static Object value(Class<?> type, JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    if (type.isRecord()) {
      return read(type.asSubclass(Record.class), node);
    }
    if (type.isEnum()) {
      return constant(type, node.textValue());
    }
    return switch (type.getSimpleName()) {
      case "Integer" -> node.intValue();
      case "Long" -> node.longValue();
      case "Double" -> node.doubleValue();
      case "Boolean" -> node.booleanValue();
      case "List" -> {
        List<Integer> list = new ArrayList<>();
        node.forEach(entry -> list.add(entry.intValue()));
        yield list;
      }
      default -> throw new IllegalStateException("No JSON form for " + type);
    };
  }

  private static Object constant(Class<?> type, String name) {
    for (Object constant : type.getEnumConstants()) {
      if (name((Enum<?>) constant).equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("No " + type.getSimpleName() + " has the name " + name);
  }
}
