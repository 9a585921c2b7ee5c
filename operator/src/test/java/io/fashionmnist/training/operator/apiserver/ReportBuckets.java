package io.fashionmnist.training.operator.apiserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** Cloud Storage as far as the operator reads it: in every bucket, every report is the same. */
final class ReportBuckets implements AutoCloseable {
  private final HttpServer server;
  private final String report;

  private ReportBuckets(HttpServer server, String report) {
    this.server = server;
    this.report = report;
  }

  /**
   * Starts on a free port.
   *
   * @param report content of every report.json
   */
  static ReportBuckets start(String report) {
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

  private void answer(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    String path = exchange.getRequestURI().getPath();
    String body =
        query.contains("alt=media")
            ? report
            : path.contains("/o/")
                ? "{\"bucket\": \"central\", \"name\": \"report.json\", \"generation\": \"1\"}"
                : "{\"name\": \"central\", \"location\": \"US-CENTRAL1\"}";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
