package io.fashionmnist.training.operator.apiserver;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** A Prometheus that scrapes one operator every second and knows the chart's alerts. */
final class PrometheusProcess implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final Process process;
  private final int port;

  private PrometheusProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static PrometheusProcess scraping(int target, Path alerts) {
    String programs =
        Objects.requireNonNull(System.getenv("PROMETHEUS"), "PROMETHEUS is not set: use make it");
    try {
      int port = freePort();
      Path directory = Files.createTempDirectory("prometheus");
      Path settings =
          Files.writeString(
              directory.resolve("prometheus.yaml"),
              """
              global: {scrape_interval: 1s, evaluation_interval: 1s}
              rule_files: ["%s"]
              scrape_configs:
                - job_name: operator
                  metrics_path: /q/metrics
                  static_configs: [{targets: ["127.0.0.1:%d"], labels: {namespace: ft, pod: one}}]
              """
                  .formatted(alerts.toAbsolutePath().normalize(), target));
      Process process =
          new ProcessBuilder(
                  programs + "/prometheus",
                  "--config.file=" + settings,
                  "--storage.tsdb.path=" + directory.resolve("data"),
                  "--web.listen-address=127.0.0.1:" + port)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      PrometheusProcess prometheus = new PrometheusProcess(process, port);
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(() -> prometheus.query("up == 1").size() == 1);
      return prometheus;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The series that a query gives now. */
  JsonNode query(String query) {
    return get("query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
        .at("/data/result");
  }

  /** The rules as it has loaded them. */
  JsonNode rules() {
    return get("rules").at("/data/groups/0/rules");
  }

  private JsonNode get(String path) {
    try {
      var response =
          http.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:%d/api/v1/%s".formatted(port, path)))
                  .build(),
              BodyHandlers.ofString());
      JsonNode answer = json.readTree(response.body());
      if (!answer.path("status").asText().equals("success")) {
        throw new AssertionError(path + ": " + response.body());
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
