package io.fashionmnist.training.api.v1alpha1;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/** Durations as they are written in manifests: 90s, 10m, 1h30m. */
public final class Durations {
  private static final Pattern FORM =
      Pattern.compile("(?=.)([0-9]{1,5}h)?([0-9]{1,5}m)?([0-9]{1,6}s)?");

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws java.time.format.DateTimeParseException for another form
   */
  public static Duration parse(String text) {
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }

  /** Whether a text is a duration longer than none. */
  public static boolean valid(String text) {
    return FORM.matcher(text).matches() && parse(text).isPositive();
  }

  /** Writes a duration of whole seconds, the shortest way. */
  public static String text(Duration duration) {
    return duration.truncatedTo(ChronoUnit.SECONDS).isZero()
        ? "0s"
        : duration.truncatedTo(ChronoUnit.SECONDS).toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
