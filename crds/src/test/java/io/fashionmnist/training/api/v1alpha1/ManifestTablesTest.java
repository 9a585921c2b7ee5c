package io.fashionmnist.training.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The tables of manifests leave nothing of the definition out; a server holds it to them. */
class ManifestTablesTest {
  private final Definition definition = new Definition();

  @Test
  void everyFieldIsInAValidManifest() {
    assertThat(definition.fields().stream().filter(field -> !isUsed(field))).isEmpty();
  }

  private static boolean isUsed(String field) {
    return Tables.valid().values().stream()
        .anyMatch(spec -> FieldPath.find(field, Map.of("spec", spec)).isPresent());
  }

  @Test
  void everyLimitOfAFieldIsInTheTable() {
    Map<String, Map<Limit, Object>> table = Tables.limits();
    Map<String, Map<Limit, Object>> defined = definition.limits();

    assertThat(table.keySet()).containsExactlyInAnyOrderElementsOf(defined.keySet());
    defined.forEach(
        (field, limits) -> assertThat(text(table.get(field))).as(field).isEqualTo(text(limits)));
  }

  /** Limits that compare; patterns do not, because the table has what they refuse. */
  private static List<String> text(Map<Limit, Object> limits) {
    return limits.entrySet().stream().map(ManifestTablesTest::text).sorted().toList();
  }

  private static String text(Map.Entry<Limit, Object> limit) {
    Object bound = limit.getValue();
    return limit.getKey()
        + switch (bound) {
          case Number number when limit.getKey() != Limit.MALFORMED ->
              " " + new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
          case Object other when limit.getKey() != Limit.MALFORMED -> " " + other;
          default -> "";
        };
  }

  @Test
  void everyRuleIsBrokenByAManifest() {
    assertThat(Tables.refused().values().stream().map(Tables.Refused::message))
        .containsAll(messages(rule -> !rule.contains("oldSelf")));
  }

  @Test
  void everyRuleAboutChangesIsBrokenByAChange() {
    assertThat(
            Tables.changes().values().stream().map(Tables.Change::message).filter(Objects::nonNull))
        .containsAll(messages(rule -> rule.contains("oldSelf")));
  }

  private List<String> messages(Predicate<String> which) {
    List<String> messages =
        definition.rules().stream()
            .filter(rule -> which.test(rule.getRule()))
            .map(ValidationRule::getMessage)
            .toList();
    assertThat(messages).isNotEmpty().doesNotContainNull();
    return messages;
  }
}
