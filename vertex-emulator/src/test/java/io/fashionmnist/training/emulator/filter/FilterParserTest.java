package io.fashionmnist.training.emulator.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters as AIP-160 has them. */
class FilterParserTest {
  private static final Map<String, String> LABELS = Map.of("team", "vision", "attempt", "2");

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``                                                 | true",
        "name=\"fashion\"                                   | true",
        "name = fashion                                     | true",
        "name='fash*'                                       | true",
        "name:fash*                                         | true",
        "name:ion                                           | false",
        "name!=other                                        | true",
        "name!=fash*                                        | false",
        "NOT name=other                                     | true",
        "-name=fashion                                      | false",
        "name=fashion AND name=other                        | false",
        "name=fashion name!=other                           | true",
        "name=other OR name=fashion                         | true",
        "name=other AND name=other OR name=fashion          | false",
        "(name=other AND name=other) OR name=fashion        | true",
        "labels.team=vision AND labels.attempt=2            | true",
        "labels.team=\"vis*\"                               | true",
        "labels.owner:*                                     | false",
        "labels.team:*                                      | true",
        "labels:team                                        | true",
        "labels.owner!=me                                   | true",
        "name=\"a \\\"quoted\\\" word\"                     | false",
        "not name=other and name=fashion                    | true",
      })
  void matches(String filter, boolean expected) {
    assertThat(FilterParser.parse(filter).matches(FilterParserTest::compare)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"name", "name=", "=x", "(name=x", "name=\"x", "name=x)", "AND name=x", "name~x"})
  void saysWhereAFilterIsWrong(String filter) {
    assertThatThrownBy(() -> FilterParser.parse(filter))
        .isInstanceOf(FilterException.class)
        .hasMessageContaining("at position");
  }

  private static boolean compare(String field, Filter.Operator operator, String value) {
    return field.startsWith("labels")
        ? Compare.label(LABELS, field, operator, value)
        : Compare.text("fashion", operator, value);
  }
}
