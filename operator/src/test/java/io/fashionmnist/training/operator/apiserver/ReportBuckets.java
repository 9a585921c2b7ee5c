package io.fashionmnist.training.operator.apiserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * Cloud Storage as far as the operator reads it: in every bucket, every report is the same; or
 * there is nothing at all.
 */
final class ReportBuckets implements AutoCloseable {
  private final HttpServer server;
  private final Optional<String> report;
  private volatile boolean failing;

  private ReportBuckets(HttpServer server, Optional<String> report) {
    this.server = server;
    this.report = report;
  }

  /**
   * Starts on a free port.
   *
   * @param report content of every report.json
   */
  static ReportBuckets start(String report) {
    return start(Optional.of(report));
  }

  /** Starts on a free port; no bucket and no object is there. */
  static ReportBuckets empty() {
    return start(Optional.empty());
  }

  private static ReportBuckets start(Optional<String> report) {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      ReportBuckets buckets = new ReportBuckets(server, report);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", buckets::answer);
      server.start();
      return buckets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on every call fails, or none. */
  void failing(boolean now) {
    failing = now;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    String path = exchange.getRequestURI().getPath();
    String body =
        query.contains("alt=media")
            ? report.orElse("")
            : path.contains("/o/")
                ? "{\"bucket\": \"central\", \"name\": \"report.json\", \"generation\": \"1\"}"
                : "{\"name\": \"central\", \"location\": \"US-CENTRAL1\"}";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(failing ? 503 : report.isEmpty() ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
