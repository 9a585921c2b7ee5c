package io.fashionmnist.training.kubectl.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two pages of a thousand lines, of a server that takes a token for the question it came from. */
class CustomJobLogTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private final ObjectMapper json = new ObjectMapper();
  private final List<String> filters = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v2/entries:list", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void asksTheSameQuestionForEveryPage() {
    CustomJobLog log = log();

    assertThat(log.fresh()).hasSize(1_500).first().asString().endsWith("line 0");
    assertThat(filters).hasSize(2).containsOnly(CustomJobLog.filter("customJobs/42"));

    // The next look goes back a little: lines do not arrive in order.
    assertThat(log.fresh()).isEmpty();
    assertThat(filters.getLast()).endsWith(" timestamp>=\"2026-01-01T00:23:59Z\"");
  }

  @Test
  void saysWhereElseTheLogIs() {
    server.stop(0);

    assertThatThrownBy(() -> log().fresh())
        .hasMessageContaining("Cloud Logging can't be read")
        .hasMessageContaining(
            "logs/query;query=resource.type%3D%22ml_job%22%20resource.labels.job_id%3D%2242%22"
                + "?project=shop");
  }

  private CustomJobLog log() {
    return CustomJobLog.of(
        "projects/shop/locations/us-central1",
        "projects/1/locations/us-central1/customJobs/42",
        Map.of(
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING",
            "http://127.0.0.1:" + server.getAddress().getPort()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode question = json.readTree(new GZIPInputStream(exchange.getRequestBody()));
    filters.add(question.get("filter").asText());
    int first = question.path("pageToken").asInt(0);
    boolean other = first > 0 && !filters.get(filters.size() - 2).equals(filters.getLast());
    List<String> entries = new ArrayList<>();
    for (int line = first; line < Math.min(1_500, first + 1_000); line++) {
      entries.add(
          "{\"insertId\": \"%d\", \"timestamp\": \"%s\", \"textPayload\": \"line %d\"}"
              .formatted(line, BEGIN.plusSeconds(line), line));
    }
    String body =
        other
            ? "{\"error\": {\"code\": 400, \"message\": \"page_token doesn't match\"}}"
            : "{\"entries\": [%s]%s}"
                .formatted(
                    String.join(",", entries), first == 0 ? ", \"nextPageToken\": \"1000\"" : "");
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(other ? 400 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
