package io.fashionmnist.training.operator.metric;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Gives Prometheus the gauges of all sources, counted anew for each scrape. A source that can't
 * count is missing, and no other with it.
 */
public final class ScrapedGauges extends Collector {
  private static final Logger LOG = Logger.getLogger(ScrapedGauges.class);

  private final List<GaugeSource> sources;

  public ScrapedGauges(List<GaugeSource> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> all = new ArrayList<>();
    for (GaugeSource source : sources) {
      for (GaugeSource.Gauge gauge : counted(source)) {
        GaugeMetricFamily family =
            new GaugeMetricFamily(gauge.name(), gauge.help(), gauge.labels());
        gauge.samples().forEach(sample -> family.addMetric(sample.labels(), sample.value()));
        all.add(family);
      }
    }
    return all;
  }

  private static List<GaugeSource.Gauge> counted(GaugeSource source) {
    try {
      return source.gauges();
    } catch (RuntimeException e) {
      LOG.errorf(e, "%s could not count its gauges", source.getClass().getSimpleName());
      return List.of();
    }
  }
}
