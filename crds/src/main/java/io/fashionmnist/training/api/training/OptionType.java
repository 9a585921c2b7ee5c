package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What values a setting takes, and how they are written on a command line. */
public sealed interface OptionType {

  /**
   * Says what is wrong with a value.
   *
   * @return what the value must be, as in {@code must be at least 1 and at most 10}; empty when all
   *     is well
   */
  Optional<String> check(JsonNode value);

  /**
   * Reads a value from a command line. Text that cannot be read comes back as text, which {@link
   * #check} then refuses.
   */
  JsonNode parse(String text);

  /** Writes a valid value as {@link #parse} reads it. */
  String text(JsonNode value);

  /** The values allowed, in few words. */
  String values();

  /** A whole number. */
  record IntegerType(Range range) implements OptionType {
    @Override
    public Optional<String> check(JsonNode value) {
      // JSON makes no difference between 7 and 7.0.
      if (!value.isNumber() || value.doubleValue() != Math.rint(value.doubleValue())) {
        return Optional.of("must be a whole number");
      }
      return range.contains(value.doubleValue())
          ? Optional.empty()
          : Optional.of("must be " + range.requirement());
    }

    @Override
    public JsonNode parse(String text) {
      try {
        return BigIntegerNode.valueOf(new BigInteger(text.strip()));
      } catch (NumberFormatException e) {
        return TextNode.valueOf(text);
      }
    }

    @Override
    public String text(JsonNode value) {
      return value.asText();
    }

    @Override
    public String values() {
      return range.interval();
    }
  }

  /** A number with or without decimals. */
  record NumberType(Range range) implements OptionType {
    @Override
    public Optional<String> check(JsonNode value) {
      if (!value.isNumber()) {
        return Optional.of("must be a number");
      }
      return range.contains(value.doubleValue())
          ? Optional.empty()
          : Optional.of("must be " + range.requirement());
    }

    @Override
    public JsonNode parse(String text) {
      try {
        // BigDecimal refuses what parseDouble alone would take: hexadecimals, NaN, a trailing "d".
        new BigDecimal(text.strip());
        return DoubleNode.valueOf(Double.parseDouble(text));
      } catch (NumberFormatException e) {
        return TextNode.valueOf(text);
      }
    }

    @Override
    public String text(JsonNode value) {
      return Decimals.text(value.doubleValue());
    }

    @Override
    public String values() {
      return range.interval();
    }
  }

  /** {@code true} or {@code false}. */
  record BooleanType() implements OptionType {
    @Override
    public Optional<String> check(JsonNode value) {
      return value.isBoolean() ? Optional.empty() : Optional.of("must be true or false");
    }

    @Override
    public JsonNode parse(String text) {
      return switch (text.strip().toLowerCase(Locale.ROOT)) {
        case "true" -> BooleanNode.TRUE;
        case "false" -> BooleanNode.FALSE;
        default -> TextNode.valueOf(text);
      };
    }

    @Override
    public String text(JsonNode value) {
      return value.asText();
    }

    @Override
    public String values() {
      return "true or false";
    }
  }

  /** One of several names. A command line need not mind upper and lower case, JSON must. */
  record ChoiceType(List<String> names) implements OptionType {
    public ChoiceType {
      names = List.copyOf(names);
    }

    @Override
    public Optional<String> check(JsonNode value) {
      return value.isTextual() && names.contains(value.textValue())
          ? Optional.empty()
          : Optional.of("must be " + values());
    }

    @Override
    public JsonNode parse(String text) {
      return TextNode.valueOf(
          names.stream().filter(name -> name.equalsIgnoreCase(text)).findFirst().orElse(text));
    }

    @Override
    public String text(JsonNode value) {
      return value.textValue();
    }

    @Override
    public String values() {
      int last = names.size() - 1;
      return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }
  }

  /** Whole numbers, on a command line separated by commas. */
  record IntegerListType(IntegerType entries, int minSize, int maxSize) implements OptionType {
    @Override
    public Optional<String> check(JsonNode value) {
      if (!value.isArray()) {
        return Optional.of("must be a list of whole numbers");
      }
      if (value.size() < minSize || value.size() > maxSize) {
        return Optional.of("must have " + sizes());
      }
      return stream(value)
          .flatMap(entry -> entries.check(entry).stream())
          .findFirst()
          .map(requirement -> "each entry " + requirement);
    }

    @Override
    public JsonNode parse(String text) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      if (!text.isBlank()) {
        for (String entry : text.split(",", -1)) {
          list.add(entries.parse(entry));
        }
      }
      return list;
    }

    @Override
    public String text(JsonNode value) {
      return stream(value).map(entries::text).collect(Collectors.joining(","));
    }

    @Override
    public String values() {
      return sizes() + ", each " + entries.values();
    }

    private String sizes() {
      return minSize + " to " + maxSize + " entries";
    }

    private static Stream<JsonNode> stream(JsonNode list) {
      return StreamSupport.stream(list.spliterator(), false);
    }
  }
}
