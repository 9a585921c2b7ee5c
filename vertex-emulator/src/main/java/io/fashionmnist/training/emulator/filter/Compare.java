package io.fashionmnist.training.emulator.filter;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares the kinds of values that resources have. */
public final class Compare {
  private Compare() {}

  /** A text; {@code *} stands for any characters after {@code =}, {@code !=} and {@code :}. */
  public static boolean text(String actual, Filter.Operator operator, String value) {
    return switch (operator) {
      case EQUAL -> wildcard(actual, value);
      case HAS -> wildcard(actual, value);
      case NOT_EQUAL -> !wildcard(actual, value);
      case LESS -> actual.compareTo(value) < 0;
      case AT_MOST -> actual.compareTo(value) <= 0;
      case GREATER -> actual.compareTo(value) > 0;
      case AT_LEAST -> actual.compareTo(value) >= 0;
    };
  }

  /** A number. */
  public static boolean number(double actual, Filter.Operator operator, String value) {
    try {
      return holds(Double.compare(actual, Double.parseDouble(value)), operator);
    } catch (NumberFormatException e) {
      throw new FilterException("\"" + value + "\" is not a number");
    }
  }

  /** A time in RFC 3339. */
  public static boolean time(Instant actual, Filter.Operator operator, String value) {
    int order;
    try {
      order = actual.compareTo(OffsetDateTime.parse(value).toInstant());
    } catch (DateTimeParseException e) {
      throw new FilterException("\"" + value + "\" is not a time in RFC 3339");
    }
    return holds(order, operator);
  }

  private static boolean holds(int order, Filter.Operator operator) {
    return switch (operator) {
      case EQUAL, HAS -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case AT_MOST -> order <= 0;
      case GREATER -> order > 0;
      case AT_LEAST -> order >= 0;
    };
  }

  /** A label: {@code labels.key=value}, {@code labels.key:*} or {@code labels:key}. */
  public static boolean label(
      Map<String, String> labels, String field, Filter.Operator operator, String value) {
    if (field.equals("labels")) {
      if (operator != Filter.Operator.HAS) {
        throw new FilterException("labels takes only the operator :");
      }
      return labels.keySet().stream().anyMatch(key -> wildcard(key, value));
    }
    String label = labels.get(field.substring("labels.".length()));
    if (label == null) {
      return operator == Filter.Operator.NOT_EQUAL;
    }
    return text(label, operator, value);
  }

  private static boolean wildcard(String actual, String pattern) {
    if (pattern.indexOf('*') < 0) {
      return actual.equals(pattern);
    }
    String regex =
        pattern
            .chars()
            .mapToObj(c -> c == '*' ? ".*" : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining());
    return Pattern.compile(regex, Pattern.DOTALL).matcher(actual).matches();
  }
}
