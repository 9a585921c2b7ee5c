package io.fashionmnist.training.api.v1alpha1;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Durations as they are written in manifests: 90s, 10m, 1h30m. */
public final class Durations {
  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws java.time.format.DateTimeParseException for another form
   */
  public static Duration parse(String text) {
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }

  /** Writes a duration of whole seconds, the shortest way. */
  public static String text(Duration duration) {
    return duration.truncatedTo(ChronoUnit.SECONDS).isZero()
        ? "0s"
        : duration.truncatedTo(ChronoUnit.SECONDS).toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
