package io.fashionmnist.training.operator.quota;

import java.time.Instant;

/** Whether an attempt may be tried somewhere now. */
public sealed interface Verdict {
  /**
   * It may, and what it takes is reserved.
   *
   * @param probe whether it is the one that finds out if there is room again
   */
  record Admitted(boolean probe) implements Verdict {}

  /**
   * There was no room when it was last tried, or our own jobs hold all of a known limit.
   *
   * @param until when to ask again at the earliest
   */
  record Blocked(String metric, Instant until) implements Verdict {}

  /**
   * Enough others are just being tried. The answers come within seconds.
   *
   * @param until when to ask again
   */
  record Busy(String metric, Instant until) implements Verdict {}

  /** There is never room: the limit is known and smaller. */
  record Impossible(String metric, long limit, long demand) implements Verdict {}
}
