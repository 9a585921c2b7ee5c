package io.fashionmnist.training.kubectl.text;

import io.fashionmnist.training.api.plan.KnownQuotas;
import io.fashionmnist.training.api.plan.KnownQuotas.KnownQuota;
import io.fashionmnist.training.api.plan.QuotaAmounts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What the operator has learned of quotas, as text. Pure. */
public final class QuotaText {
  private QuotaText() {}

  /**
   * A table.
   *
   * @param all also those that nothing is used of and nothing stands in the way of
   */
  public static List<String> lines(
      KnownQuotas quotas, boolean all, Optional<String> region, Screen screen) {
    Instant now = Instant.parse(quotas.time());
    Table table =
        new Table(
            "PROJECT", "REGION", "METRIC", ">LIMIT", ">IN USE", ">RESERVED", ">TRIED", "BLOCKED");
    List<KnownQuota> asked =
        quotas.quotas().stream()
            .filter(each -> region.isEmpty() || region.get().equals(each.region()))
            .toList();
    asked.stream()
        .filter(each -> all || eventful(each.amounts()))
        .forEach(
            each ->
                table.row(
                    List.of(
                        Table.Cell.of(each.project()),
                        Table.Cell.of(each.region()),
                        Table.Cell.of(
                            each.stockout() ? each.metric() + " (machines)" : each.metric()),
                        Table.Cell.of(each.stockout() ? "-" : limit(each.amounts())),
                        Table.Cell.of(each.stockout() ? "-" : usage(each.amounts())),
                        Table.Cell.of(each.stockout() ? "-" : "" + each.amounts().reserved()),
                        Table.Cell.of("" + each.amounts().tried()),
                        blocked(each.amounts(), now, screen))));
    if (!table.isEmpty()) {
      return table.lines(screen, "");
    }
    return List.of(
        asked.isEmpty()
            ? "The operator knows no quota yet%s: it learns of a region when a job or a plan asks for it."
                .formatted(region.map(each -> " of " + each).orElse(""))
            : "Nothing is used, reserved or blocked; --all shows the %d limits that are known."
                .formatted(asked.size()));
  }

  private static boolean eventful(QuotaAmounts amounts) {
    return amounts.reserved() > 0
        || amounts.tried() > 0
        || amounts.blockedUntil() != null
        || (amounts.usage() != null && amounts.usage() > 0);
  }

  /** A question mark is what nobody knows. */
  static String limit(QuotaAmounts amounts) {
    return amounts.limit() == null
        ? "?"
        : amounts.limit() == QuotaAmounts.UNLIMITED ? "none" : "" + amounts.limit();
  }

  static String usage(QuotaAmounts amounts) {
    return amounts.usage() == null ? "?" : "" + amounts.usage();
  }

  private static Table.Cell blocked(QuotaAmounts amounts, Instant now, Screen screen) {
    if (amounts.blockedUntil() == null) {
      return Table.Cell.of("");
    }
    Instant until = Instant.parse(amounts.blockedUntil());
    UnaryOperator<String> paint =
        text -> screen.in(until.isAfter(now) ? Screen.Colour.RED : Screen.Colour.YELLOW, text);
    return new Table.Cell(
        until.isAfter(now)
            ? "until %s (%s)".formatted(until, Times.text(Duration.between(now, until)))
            : "one at a time tries",
        paint);
  }
}
