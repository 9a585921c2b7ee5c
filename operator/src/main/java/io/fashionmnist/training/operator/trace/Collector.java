package io.fashionmnist.training.operator.trace;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A collector that takes OTLP by HTTP. */
public final class Collector {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(5);

  private Collector() {}

  /**
   * Traces that go to a collector.
   *
   * @param endpoint such as http://collector:4318
   * @param headers a folder with a file for each header that the collector wants; absent: none
   */
  public static JobTraces traces(String endpoint, Optional<Path> headers, String installation) {
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.replaceFirst("/$", "") + "/v1/traces")
            .setTimeout(LONGEST_CALL);
    headers.map(CollectorHeaders::new).ifPresent(exporter::setHeaders);
    return new JobTraces(BatchSpanProcessor.builder(exporter.build()).build(), installation);
  }
}
