package io.fashionmnist.training.bench;

import java.time.Duration;
import java.util.Collection;

/** Percentiles of durations by nearest rank: each is a value that occurred. */
record Percentiles(double[] sortedSeconds) {
  static Percentiles of(Collection<Duration> durations) {
    return new Percentiles(
        durations.stream().mapToDouble(each -> each.toNanos() / 1e9).sorted().toArray());
  }

  /**
   * The smallest value that at least so many percent do not exceed; NaN if there are none.
   *
   * @param percent above 0, at most 100
   */
  double at(double percent) {
    int count = sortedSeconds.length;
    return count == 0 ? Double.NaN : sortedSeconds[(int) Math.ceil(percent / 100 * count) - 1];
  }
}
