package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.storage.StorageException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A report that is not there is one thing, a service that does not say another. */
class CloudStorageTest {
  private HttpServer server;
  private CloudStorage storage;
  private volatile int metadata = 200;
  private volatile int content = 200;
  private volatile int size = 100;
  private volatile String report = "{\"attempt\": 1}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    storage =
        new CloudStorage(
            Optional.of("http://127.0.0.1:" + server.getAddress().getPort()),
            new OutboundCalls(new SimpleMeterRegistry()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void readsTheReport() {
    assertThat(report().orElseThrow().attempt()).isEqualTo(1);
    assertThat(storage.report("gs://bucket/run/attempt-1", 7)).isEmpty();
  }

  @Test
  void whatIsNotThereIsAbsent() {
    metadata = 404;
    assertThat(storage.report("gs://bucket/run/attempt-1", 0)).isEmpty();
  }

  @Test
  void whatIsNoReportIsAbsent() {
    report = "{";
    assertThat(report()).isEmpty();
    report = "null";
    assertThat(report()).isEmpty();
    report = "{\"perClass\": [%snull]}".formatted("{},".repeat(32));
    assertThat(report()).isEmpty();
  }

  /** What a tenant's trainer writes must fit into the operator's memory. */
  @Test
  void whatIsTooLargeForAReportIsNotRead() {
    size = 17 << 20;
    assertThat(report()).isEmpty();
  }

  private Optional<TrainingReport> report() {
    return storage.report("gs://bucket/run/attempt-1", 0).flatMap(CloudStorage.Seen::report);
  }

  @Test
  void whatFailsIsNotAbsent() {
    metadata = 503;
    assertThatThrownBy(() -> storage.report("gs://bucket/run/attempt-1", 0))
        .isInstanceOf(StorageException.class);
    metadata = 200;
    content = 503;
    assertThatThrownBy(() -> storage.report("gs://bucket/run/attempt-1", 0))
        .isInstanceOf(StorageException.class);
    content = 403;
    assertThatThrownBy(() -> storage.report("gs://bucket/run/attempt-1", 0))
        .isInstanceOf(StorageException.class);
  }

  private void answer(HttpExchange exchange) throws IOException {
    boolean media = String.valueOf(exchange.getRequestURI().getQuery()).contains("alt=media");
    String body =
        media
            ? report
            : "{\"bucket\": \"bucket\", \"name\": \"report.json\", \"generation\": \"7\", \"size\": \"%d\"}"
                .formatted(size);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(media ? content : metadata, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
