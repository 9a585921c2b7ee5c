package io.fashionmnist.training.operator.web;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A job's attempts as bars on one scale of time, from the first one's start to the last one's end.
 *
 * @param span how long that is, such as 12m30s
 * @param height of all bars, in pixels
 */
record Timeline(String span, int height, List<Bar> bars) {
  /** The scale's length, in pixels. */
  static final int WIDTH = 1_000;

  private static final int LINE = 26;
  private static final int LEAST = 4;

  /**
   * An attempt.
   *
   * @param state as the resource spells it
   * @param quota the metrics that were exceeded, if any
   * @param x of its start, from the left
   * @param y of its line, from above
   */
  record Bar(
      int number,
      String placement,
      String backend,
      String state,
      String reason,
      String message,
      String quota,
      String took,
      int x,
      int y,
      int width) {}

  static Timeline of(List<Attempt> attempts, Instant now) {
    if (attempts.isEmpty()) {
      return new Timeline("", 0, List.of());
    }
    Instant start = attempts.stream().map(each -> start(each, now)).min(Instant::compareTo).get();
    Instant end = attempts.stream().map(each -> end(each, now)).max(Instant::compareTo).get();
    double scale = WIDTH / (double) Math.max(1, Duration.between(start, end).toMillis());
    return new Timeline(
        Words.between(start, end),
        attempts.size() * LINE,
        attempts.stream()
            .map(
                each -> {
                  Instant from = start(each, now);
                  int x = (int) (Duration.between(start, from).toMillis() * scale);
                  int width = (int) (Duration.between(from, end(each, now)).toMillis() * scale);
                  return new Bar(
                      each.number(),
                      Words.of(each.placement()),
                      Words.of(each.backend()),
                      each.state() == null ? "" : each.state().text(),
                      Words.of(each.reason()),
                      Words.of(each.message()),
                      String.join(", ", each.quotaMetrics()),
                      Words.between(from, end(each, now)),
                      Math.min(x, WIDTH - LEAST),
                      attempts.indexOf(each) * LINE,
                      Math.max(LEAST, Math.min(width, WIDTH - x)));
                })
            .toList());
  }

  private static Instant start(Attempt attempt, Instant now) {
    return attempt.startTime() == null ? now : Instant.parse(attempt.startTime());
  }

  private static Instant end(Attempt attempt, Instant now) {
    return attempt.endTime() == null ? now : Instant.parse(attempt.endTime());
  }
}
