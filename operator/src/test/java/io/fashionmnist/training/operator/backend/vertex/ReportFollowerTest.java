package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bucket that tells a generation, and counts who reads. */
class ReportFollowerTest {
  private static final JobOwner ANNA = new JobOwner("team", "anna", "uid-a", 1);

  private final List<Integer> epochs = new ArrayList<>();
  private volatile long generation;
  private volatile int reads;
  private HttpServer bucket;
  private ReportFollower reports;

  @BeforeEach
  void start() throws IOException {
    bucket = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    bucket.createContext("/", this::answer);
    bucket.start();
    reports =
        new ReportFollower(
            new CloudStorage(
                Optional.of("http://127.0.0.1:" + bucket.getAddress().getPort()),
                new OutboundCalls(new SimpleMeterRegistry())),
            (_, report) -> epochs.add(report.epoch()));
  }

  @AfterEach
  void stop() {
    bucket.stop(0);
  }

  @Test
  void aReportIsReadWhenItHasChangedAndOnlyOfThoseThatAreFollowed() {
    generation = 1;
    reports.look(ANNA);
    assertThat(reads).isZero();
    reports.follow(ANNA, "gs://b/runs");
    reports.look(ANNA);
    reports.follow(ANNA, "gs://b/runs");
    reports.look(ANNA);
    assertThat(reads).isEqualTo(1);
    generation = 2;
    reports.look(ANNA);
    assertThat(epochs).containsExactly(1, 2);
    generation = 3;
    reports.forget(ANNA);
    reports.look(ANNA);
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void noReportIsNoneYet() {
    reports.follow(ANNA, "gs://b/runs");
    reports.look(ANNA);
    assertThat(epochs).isEmpty();
    generation = 1;
    reports.look(ANNA);
    assertThat(epochs).containsExactly(1);
    assertThat(reports.last("gs://b/runs").orElseThrow().epoch()).isEqualTo(1);
  }

  private void answer(HttpExchange exchange) throws IOException {
    boolean content = String.valueOf(exchange.getRequestURI().getQuery()).contains("alt=media");
    if (content) {
      reads++;
    }
    String body =
        content
            ? "{\"epoch\": %d}".formatted(generation)
            : "{\"bucket\": \"b\", \"name\": \"runs/report.json\", \"generation\": \"%d\", \"size\": \"12\"}"
                .formatted(generation);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(generation == 0 ? 404 : 200, generation == 0 ? -1 : bytes.length);
    if (generation > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }
}
