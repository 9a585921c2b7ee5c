package io.fashionmnist.training.kubectl.text;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Times as people say them. */
final class Times {
  private Times() {}

  /** The two largest units: 45s, 3m12s, 2h5m, 3d4h. */
  static String text(Duration duration) {
    Duration each = duration.isNegative() ? Duration.ZERO : duration;
    return each.toDays() > 0
        ? "%dd%dh".formatted(each.toDays(), each.toHoursPart())
        : each.toHours() > 0
            ? "%dh%dm".formatted(each.toHours(), each.toMinutesPart())
            : each.toMinutes() > 0
                ? "%dm%ds".formatted(each.toMinutes(), each.toSecondsPart())
                : "%ds".formatted(each.toSeconds());
  }

  /** From one time until another, or until now; a dash when it has not begun. */
  static String between(String from, String until, Instant now) {
    return Optional.ofNullable(from)
        .map(Instant::parse)
        .map(
            start ->
                text(
                    Duration.between(
                        start, Optional.ofNullable(until).map(Instant::parse).orElse(now))))
        .orElse("-");
  }
}
