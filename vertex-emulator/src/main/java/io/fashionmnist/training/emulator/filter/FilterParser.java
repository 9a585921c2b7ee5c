package io.fashionmnist.training.emulator.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads filters in the grammar of AIP-160: comparisons, parentheses, {@code AND}, {@code OR},
 * {@code NOT} and {@code -}; neighbours without a word between them mean {@code AND}. {@code OR}
 * binds more tightly than {@code AND}. A function with a value, such as {@code in_context("name")},
 * is a comparison by {@link Filter.Operator#HAS}.
 */
public final class FilterParser {
  private final String text;
  private int position;

  private FilterParser(String text) {
    this.text = text;
  }

  /**
   * Reads a filter.
   *
   * @throws FilterException with the place of the first mistake
   */
  public static Filter parse(String text) {
    if (text.isBlank()) {
      return new Filter.Everything();
    }
    FilterParser parser = new FilterParser(text);
    Filter filter = parser.expression();
    parser.skipSpace();
    if (parser.position < text.length()) {
      throw parser.mistake("unexpected text");
    }
    return filter;
  }

  private Filter expression() {
    List<Filter> parts = new ArrayList<>();
    do {
      parts.add(factor());
      takeWord("AND");
      skipSpace();
    } while (position < text.length() && text.charAt(position) != ')');
    return parts.size() == 1 ? parts.getFirst() : new Filter.And(parts);
  }

  private Filter factor() {
    List<Filter> parts = new ArrayList<>();
    do {
      parts.add(term());
    } while (takeWord("OR"));
    return parts.size() == 1 ? parts.getFirst() : new Filter.Or(parts);
  }

  private Filter term() {
    if (takeWord("NOT") || takeSign("-")) {
      return new Filter.Not(term());
    }
    if (takeSign("(")) {
      Filter inner = expression();
      if (!takeSign(")")) {
        throw mistake("a ) is missing");
      }
      return inner;
    }
    String field = word();
    if (takeSign("(")) {
      Filter called = has(field);
      if (!takeSign(")")) {
        throw mistake("a ) is missing");
      }
      return called;
    }
    Filter.Operator operator = operator().orElseThrow(() -> mistake("an operator is missing"));
    return operator == Filter.Operator.HAS
        ? has(field)
        : new Filter.Comparison(field, operator, value());
  }

  /** One value, or several of which the field must have all. */
  private Filter has(String field) {
    List<Filter> parts = new ArrayList<>();
    do {
      parts.add(new Filter.Comparison(field, Filter.Operator.HAS, value()));
    } while (takeSign(","));
    return parts.size() == 1 ? parts.getFirst() : new Filter.And(parts);
  }

  private Optional<Filter.Operator> operator() {
    if (takeSign("!=")) {
      return Optional.of(Filter.Operator.NOT_EQUAL);
    }
    if (takeSign("<=")) {
      return Optional.of(Filter.Operator.AT_MOST);
    }
    if (takeSign(">=")) {
      return Optional.of(Filter.Operator.AT_LEAST);
    }
    if (takeSign("=")) {
      return Optional.of(Filter.Operator.EQUAL);
    }
    if (takeSign("<")) {
      return Optional.of(Filter.Operator.LESS);
    }
    if (takeSign(">")) {
      return Optional.of(Filter.Operator.GREATER);
    }
    return takeSign(":") ? Optional.of(Filter.Operator.HAS) : Optional.empty();
  }

  private String value() {
    skipSpace();
    if (position < text.length() && "\"'".indexOf(text.charAt(position)) >= 0) {
      return quoted(text.charAt(position++));
    }
    int start = position;
    while (position < text.length() && " \t\n()".indexOf(text.charAt(position)) < 0) {
      position++;
    }
    if (start == position) {
      throw mistake("a value is missing");
    }
    return text.substring(start, position);
  }

  private String quoted(char quote) {
    StringBuilder value = new StringBuilder();
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == quote) {
        return value.toString();
      }
      value.append(c == '\\' && position < text.length() ? text.charAt(position++) : c);
    }
    throw mistake("the closing quote is missing");
  }

  private String word() {
    skipSpace();
    int start = position;
    while (position < text.length() && isWord(text.charAt(position))) {
      // A part in quotes may have any characters, as in metadata."field:1".number_value.
      int closing = text.charAt(position) == '"' ? text.indexOf('"', position + 1) : position;
      if (closing < 0) {
        throw mistake("the closing quote is missing");
      }
      position = closing + 1;
    }
    if (start == position) {
      throw mistake("a field is missing");
    }
    return text.substring(start, position);
  }

  private boolean takeWord(String word) {
    skipSpace();
    int end = position + word.length();
    boolean taken =
        text.length() > end
            && text.substring(position, end).toUpperCase(Locale.ROOT).equals(word)
            && !isWord(text.charAt(end))
            && "=!<>:".indexOf(text.charAt(end)) < 0;
    if (taken) {
      position = end;
    }
    return taken;
  }

  private boolean takeSign(String sign) {
    skipSpace();
    boolean taken = text.startsWith(sign, position);
    if (taken) {
      position += sign.length();
    }
    return taken;
  }

  private void skipSpace() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || "._-/*\"".indexOf(c) >= 0;
  }

  private FilterException mistake(String what) {
    return new FilterException(what + " at position " + position + " of the filter: " + text);
  }
}
