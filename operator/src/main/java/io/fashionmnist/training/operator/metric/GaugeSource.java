package io.fashionmnist.training.operator.metric;

import java.util.List;

/** Tells gauges when they are asked for: what nobody scrapes costs nothing. */
@FunctionalInterface
public interface GaugeSource {
  /** The gauges as they are now. Must not wait for anything outside the process. */
  List<Gauge> gauges();

  /**
   * One gauge.
   *
   * @param name as Prometheus has it
   * @param help one sentence
   * @param labels names of the labels
   * @param samples may be none
   */
  record Gauge(String name, String help, List<String> labels, List<Sample> samples) {
    public Gauge {
      labels = List.copyOf(labels);
      samples = List.copyOf(samples);
    }
  }

  /** One value, and those of the labels in their order. */
  record Sample(List<String> labels, double value) {
    public Sample {
      labels = List.copyOf(labels);
    }
  }
}
