package io.fashionmnist.training.operator.metric;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;

/** Gives Prometheus the gauges of all sources, counted anew for each scrape. */
public final class ScrapedGauges extends Collector {
  private final List<GaugeSource> sources;

  public ScrapedGauges(List<GaugeSource> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> all = new ArrayList<>();
    for (GaugeSource source : sources) {
      for (GaugeSource.Gauge gauge : source.gauges()) {
        GaugeMetricFamily family =
            new GaugeMetricFamily(gauge.name(), gauge.help(), gauge.labels());
        gauge.samples().forEach(sample -> family.addMetric(sample.labels(), sample.value()));
        all.add(family);
      }
    }
    return all;
  }
}
