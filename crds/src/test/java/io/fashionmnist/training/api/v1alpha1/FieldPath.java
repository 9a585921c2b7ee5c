package io.fashionmnist.training.api.v1alpha1;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where a field is in a manifest.
 *
 * @param steps names of members ({@code String}) and numbers of items ({@code Integer})
 */
record FieldPath(List<Object> steps) {

  /**
   * Finds a field in a manifest.
   *
   * @param field its path in the schema: {@code a[].b} for b of any item of a, {@code a.*} for any
   *     entry of the map a
   * @return the first place that has it; empty for none
   */
  static Optional<FieldPath> find(String field, Object manifest) {
    return find(List.of(field.replace("[]", ".[]").split("\\.")), manifest).map(FieldPath::new);
  }

  private static Optional<List<Object>> find(List<String> names, Object value) {
    if (value == null) {
      return Optional.empty();
    }
    if (names.isEmpty()) {
      return Optional.of(List.of());
    }
    List<String> rest = names.subList(1, names.size());
    return candidates(names.getFirst(), value)
        .flatMap(step -> find(rest, child(value, step)).map(path -> join(step, path)).stream())
        .findFirst();
  }

  private static Stream<?> candidates(String name, Object value) {
    return switch (value) {
      case List<?> items when name.equals("[]") -> IntStream.range(0, items.size()).boxed();
      case Map<?, ?> members when name.equals("*") -> members.keySet().stream();
      case Map<?, ?> members when members.containsKey(name) -> Stream.of(name);
      default -> Stream.empty();
    };
  }

  private static Object child(Object value, Object step) {
    return step instanceof Integer index
        ? ((List<?>) value).get(index)
        : ((Map<?, ?>) value).get(step);
  }

  private static List<Object> join(Object first, List<Object> rest) {
    return Stream.concat(Stream.of(first), rest.stream()).toList();
  }

  /** The value of the field. */
  Object in(Object manifest) {
    Object value = manifest;
    for (Object step : steps) {
      value = child(value, step);
    }
    return value;
  }

  /** The manifest with another value of the field; without the field for null. */
  Map<String, Object> set(Map<String, Object> manifest, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>();
    ((Map<?, ?>) set(manifest, 0, value))
        .forEach((name, member) -> changed.put((String) name, member));
    return changed;
  }

  private Object set(Object tree, int depth, Object value) {
    if (depth == steps.size()) {
      return value;
    }
    Object step = steps.get(depth);
    Object child = set(child(tree, step), depth + 1, value);
    if (step instanceof Integer index) {
      List<Object> items = new ArrayList<>((List<?>) tree);
      items.set(index, child);
      return items;
    }
    Map<Object, Object> members = new LinkedHashMap<>((Map<?, ?>) tree);
    if (child == null) {
      members.remove(step);
    } else {
      members.put(step, child);
    }
    return members;
  }

  /** As the API server writes it: {@code spec.placements[0].name}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Object step : steps) {
      if (step instanceof Integer index) {
        text.append('[').append(index).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(step);
      }
    }
    return text.toString();
  }
}
