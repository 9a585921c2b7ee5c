package io.fashionmnist.training.operator.trace;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;

/** A collector that takes OTLP by HTTP. */
public final class Collector {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(5);

  private Collector() {}

  /**
   * Traces that go to a collector.
   *
   * @param endpoint such as http://collector:4318
   */
  public static JobTraces traces(String endpoint, String installation) {
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.replaceFirst("/$", "") + "/v1/traces")
            .setTimeout(LONGEST_CALL)
            .build();
    return new JobTraces(BatchSpanProcessor.builder(exporter).build(), installation);
  }
}
