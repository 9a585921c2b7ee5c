package io.fashionmnist.training.trainer.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Numbers and times as people read them; what is undefined is a dash. */
public final class Figures {
  private static final String NONE = "–";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Figures() {}

  /** As in {@code 2 min 5 s}. */
  public static String duration(double seconds) {
    Duration rounded = Duration.ofSeconds(Math.round(seconds));
    List<String> parts =
        rounded.toHours() > 0
            ? List.of(rounded.toHours() + " h", rounded.toMinutesPart() + " min")
            : rounded.toMinutes() > 0
                ? List.of(rounded.toMinutes() + " min", rounded.toSecondsPart() + " s")
                : List.of(rounded.toSeconds() + " s");
    return String.join(" ", parts);
  }

  static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** As in {@code 10,000}. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** As in {@code 92.4%}. */
  static String percent(Double share) {
    return isNumber(share) ? String.format(Locale.ROOT, "%.1f%%", 100 * share) : NONE;
  }

  /** As in {@code 92.43%}. */
  static String finePercent(Double share) {
    return isNumber(share) ? String.format(Locale.ROOT, "%.2f%%", 100 * share) : NONE;
  }

  /** With four decimals. */
  static String decimal(Double value) {
    return isNumber(value) ? String.format(Locale.ROOT, "%.4f", value) : NONE;
  }

  /** With three significant digits, as in {@code 0.000250}. */
  static String rate(Double value) {
    return isNumber(value) ? String.format(Locale.ROOT, "%.3g", value) : NONE;
  }

  private static boolean isNumber(Double value) {
    return value != null && Double.isFinite(value);
  }
}
