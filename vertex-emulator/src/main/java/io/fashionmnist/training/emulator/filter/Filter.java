package io.fashionmnist.training.emulator.filter;

import java.util.List;

/** A list filter as a tree. */
public sealed interface Filter {
  /** Takes everything: no filter was given. */
  record Everything() implements Filter {}

  /** All parts must match. */
  record And(List<Filter> parts) implements Filter {}

  /** One part must match. */
  record Or(List<Filter> parts) implements Filter {}

  /** The part must not match. */
  record Not(Filter part) implements Filter {}

  /**
   * A comparison of a field.
   *
   * @param field as written, such as {@code labels.team}
   * @param value without quotes
   */
  record Comparison(String field, Operator operator, String value) implements Filter {}

  /** How a field is compared. */
  enum Operator {
    /** {@code =} */
    EQUAL,
    /** {@code !=} */
    NOT_EQUAL,
    /** {@code <} */
    LESS,
    /** {@code <=} */
    AT_MOST,
    /** {@code >} */
    GREATER,
    /** {@code >=} */
    AT_LEAST,
    /** {@code :}, which a value, a key or a text with {@code *} satisfies. */
    HAS
  }

  /** Whether a resource passes. */
  default boolean matches(Fields fields) {
    return switch (this) {
      case Everything _ -> true;
      case And(var parts) -> parts.stream().allMatch(part -> part.matches(fields));
      case Or(var parts) -> parts.stream().anyMatch(part -> part.matches(fields));
      case Not(var part) -> !part.matches(fields);
      case Comparison(var field, var operator, var value) -> fields.compare(field, operator, value);
    };
  }
}
