package io.fashionmnist.training.operator.metric;

import io.micrometer.core.instrument.MeterRegistry;

/** Counts what trainers post, by the status of the answer. */
public final class ProgressPosts {
  private final MeterRegistry registry;

  public ProgressPosts(MeterRegistry registry) {
    this.registry = registry;
  }

  /** A post was answered. */
  public void answered(int status) {
    registry
        .counter("fashion.training.progress.posts", "status", Integer.toString(status))
        .increment();
  }
}
