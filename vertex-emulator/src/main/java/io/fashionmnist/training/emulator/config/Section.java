package io.fashionmnist.training.emulator.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A mapping in YAML or JSON that is read key by key; mistakes are noted and reading goes on. */
public final class Section {
  private final JsonNode node;
  private final String path;
  private final List<String> problems;
  private final Set<String> known = new HashSet<>();

  Section(JsonNode node, String path, List<String> problems) {
    this.node = node;
    this.path = path;
    this.problems = problems;
    if (!node.isObject() && !node.isMissingNode() && !node.isNull()) {
      problems.add((path.isEmpty() ? "the settings" : path) + " must be a mapping");
    }
  }

  /** Whether a key is there. */
  boolean has(String key) {
    known.add(key);
    return node.hasNonNull(key);
  }

  Optional<String> text(String key) {
    return value(key, JsonNode::isValueNode, "a text").map(JsonNode::asText);
  }

  Optional<Long> whole(String key, long least, long most) {
    Optional<Long> number =
        value(key, JsonNode::isIntegralNumber, "a whole number").map(JsonNode::asLong);
    if (number.isPresent() && (number.get() < least || number.get() > most)) {
      problem(key, "is " + number.get() + ", must be from " + least + " to " + most);
      return Optional.empty();
    }
    return number;
  }

  Optional<Double> probability(String key) {
    Optional<Double> number = value(key, JsonNode::isNumber, "a number").map(JsonNode::asDouble);
    if (number.isPresent() && (number.get() < 0 || number.get() > 1)) {
      problem(key, "is " + number.get() + ", must be from 0 to 1");
      return Optional.empty();
    }
    return number;
  }

  Optional<Duration> duration(String key) {
    return text(key)
        .flatMap(
            text -> {
              Optional<Duration> duration = DurationText.parse(text);
              if (duration.isEmpty()) {
                problem(key, "is \"" + text + "\", must be a time such as 500ms, 30s, 2m or 1h");
              }
              return duration;
            });
  }

  Optional<Instant> instant(String key) {
    return text(key)
        .flatMap(
            text -> {
              try {
                return Optional.of(Instant.parse(text));
              } catch (DateTimeParseException e) {
                problem(key, "is \"" + text + "\", must be a time such as 2026-01-01T00:00:00Z");
                return Optional.empty();
              }
            });
  }

  /** One of an enum's constants, in lower case with hyphens. */
  <E extends Enum<E>> Optional<E> oneOf(String key, Class<E> type) {
    return text(key)
        .flatMap(
            text -> {
              Optional<E> found =
                  Arrays.stream(type.getEnumConstants())
                      .filter(constant -> spelling(constant).equals(spelling(text)))
                      .findFirst();
              if (found.isEmpty()) {
                problem(
                    key,
                    "is \""
                        + text
                        + "\", must be one of "
                        + Arrays.stream(type.getEnumConstants())
                            .map(Section::spelling)
                            .collect(Collectors.joining(", ")));
              }
              return found;
            });
  }

  List<String> texts(String key) {
    List<String> all = new ArrayList<>();
    value(key, JsonNode::isArray, "a list")
        .ifPresent(list -> list.forEach(each -> all.add(each.asText())));
    return all;
  }

  Map<String, String> textMap(String key) {
    Map<String, String> all = new LinkedHashMap<>();
    Section inner = section(key);
    inner.keys().forEach(each -> inner.text(each).ifPresent(text -> all.put(each, text)));
    return all;
  }

  Section section(String key) {
    known.add(key);
    return new Section(node.path(key), at(key), problems);
  }

  <T> List<T> list(String key, Function<Section, Optional<T>> read) {
    List<T> all = new ArrayList<>();
    value(key, JsonNode::isArray, "a list")
        .ifPresent(
            list -> {
              for (int i = 0; i < list.size(); i++) {
                Section item = new Section(list.get(i), at(key) + "[" + i + "]", problems);
                read.apply(item).ifPresent(all::add);
                item.end();
              }
            });
    return all;
  }

  List<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** Notes a mistake about a key. */
  void problem(String key, String what) {
    problems.add(at(key) + " " + what);
  }

  /** Notes all keys that nobody asked for. */
  void end() {
    for (String key : keys()) {
      if (!known.contains(key)) {
        problem(
            key, "is unknown; known are " + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  private Optional<JsonNode> value(String key, Function<JsonNode, Boolean> fits, String what) {
    known.add(key);
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!fits.apply(value)) {
      problem(key, "must be " + what);
      return Optional.empty();
    }
    return Optional.of(value);
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String spelling(Object value) {
    return value.toString().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
