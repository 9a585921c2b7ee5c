package io.fashionmnist.training.operator.metric;

import java.time.Duration;
import java.util.Arrays;

/** Upper bounds of the histograms' buckets. */
final class Buckets {
  /** From a pod that starts at once to a queue's two hours. */
  static final Duration[] QUEUE =
      seconds(1, 5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200);

  /** From a short try to a day. */
  static final Duration[] RUN =
      seconds(30, 60, 300, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400);

  /** From an answer at once to the longest deadline of a call. */
  static final Duration[] CALL = millis(50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000);

  /** From a look that changes nothing to one that waits for others. */
  static final Duration[] PASS = millis(1, 5, 25, 100, 500, 2_500, 10_000, 30_000);

  private Buckets() {}

  private static Duration[] seconds(long... bounds) {
    return Arrays.stream(bounds).mapToObj(Duration::ofSeconds).toArray(Duration[]::new);
  }

  private static Duration[] millis(long... bounds) {
    return Arrays.stream(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
