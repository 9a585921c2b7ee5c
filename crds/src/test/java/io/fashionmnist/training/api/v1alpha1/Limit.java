package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A kind of limit on a field's value. */
enum Limit {
  /** The field is there. */
  @JsonProperty("required")
  REQUIRED("Required value"),
  @JsonProperty("least")
  LEAST("should be greater than or equal to"),
  @JsonProperty("above")
  ABOVE("should be greater than"),
  @JsonProperty("most")
  MOST("should be less than or equal to"),
  @JsonProperty("below")
  BELOW("should be less than"),
  @JsonProperty("shortest")
  SHORTEST("should be at least"),
  @JsonProperty("longest")
  LONGEST("Too long: may not be more than"),
  @JsonProperty("fewestItems")
  FEWEST_ITEMS("should have at least"),
  @JsonProperty("mostItems")
  MOST_ITEMS("must have at most"),
  @JsonProperty("mostEntries")
  MOST_ENTRIES("must have at most"),
  /** One of these words. */
  @JsonProperty("choices")
  CHOICES("Unsupported value"),
  /** A pattern; in the table, texts that it must not match. */
  @JsonProperty("malformed")
  MALFORMED("should match");

  private static final BigDecimal LITTLE = new BigDecimal("1e-9");

  private final String objection;

  Limit(String objection) {
    this.objection = objection;
  }

  /** Part of what the API server says to a value beyond the limit. */
  String objection() {
    return objection;
  }

  /**
   * Values at the limit, on its right side.
   *
   * @param bound the limit as the table has it
   * @param sample a valid value of the field
   */
  List<Object> within(Object bound, Object sample) {
    return switch (this) {
      case LEAST, MOST -> List.of(bound);
      case ABOVE -> List.of(number(bound).add(step(sample)));
      case BELOW -> List.of(number(bound).subtract(step(sample)));
      case LONGEST, FEWEST_ITEMS, MOST_ITEMS, MOST_ENTRIES ->
          List.of(sized(sample, number(bound).intValue()));
      case CHOICES -> words(bound).<Object>map(word -> word).toList();
      case REQUIRED, SHORTEST, MALFORMED -> List.of(sample);
    };
  }

  /** Values just beyond the limit; null for no value. */
  List<Object> beyond(Object bound, Object sample) {
    return switch (this) {
      case LEAST -> List.of(number(bound).subtract(step(sample)));
      case MOST -> List.of(number(bound).add(step(sample)));
      case ABOVE, BELOW -> List.of(bound);
      case LONGEST, MOST_ITEMS, MOST_ENTRIES ->
          List.of(sized(sample, number(bound).intValue() + 1));
      case SHORTEST, FEWEST_ITEMS -> List.of(sized(sample, number(bound).intValue() - 1));
      case CHOICES -> words(bound).<Object>map(String::toLowerCase).toList();
      case MALFORMED -> words(bound).<Object>map(word -> word).toList();
      case REQUIRED -> Arrays.asList((Object) null);
    };
  }

  private static BigDecimal number(Object value) {
    return new BigDecimal(value.toString());
  }

  private static Stream<String> words(Object bound) {
    return ((List<?>) bound).stream().map(String.class::cast);
  }

  private static BigDecimal step(Object sample) {
    return sample instanceof Integer || sample instanceof Long ? BigDecimal.ONE : LITTLE;
  }

  /** The value cut, or continued as it ends or begins, to a size. */
  private static Object sized(Object sample, int size) {
    return switch (sample) {
      case String text ->
          text.length() >= size
              ? text.substring(0, size)
              : text + text.substring(text.length() - 1).repeat(size - text.length());
      case List<?> items ->
          IntStream.range(0, size).mapToObj(index -> item(items.getFirst(), index)).toList();
      case Map<?, ?> entries -> entries(entries.values().iterator().next(), size);
      default -> throw new IllegalArgumentException("has no size: " + sample);
    };
  }

  private static Object item(Object first, int index) {
    if (!(first instanceof Map<?, ?> item) || !item.containsKey("name")) {
      return first;
    }
    Map<Object, Object> renamed = new LinkedHashMap<>(item);
    renamed.put("name", "item-" + index);
    return renamed;
  }

  private static Map<String, Object> entries(Object value, int size) {
    Map<String, Object> entries = new LinkedHashMap<>();
    IntStream.range(0, size).forEach(index -> entries.put("entry-" + index, value));
    return entries;
  }
}
