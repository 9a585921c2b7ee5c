package io.fashionmnist.training.operator.placement;

import java.time.Duration;
import java.util.List;

/** Whether an attempt may be made on a placement now. */
public sealed interface Admission {
  /** As far as is known there is room. */
  record Open() implements Admission {}

  /** Another job is finding out: the answer is there in a moment. */
  record Undecided(Duration lookAgain) implements Admission {}

  /**
   * It is known that there is no room now, or that the attempt can't work there.
   *
   * @param reason one word
   * @param message limit and demand, or until when nothing is tried there
   * @param quotaMetrics the metrics in the way
   */
  record Shut(String reason, String message, List<String> quotaMetrics) implements Admission {
    public Shut {
      quotaMetrics = List.copyOf(quotaMetrics);
    }
  }
}
