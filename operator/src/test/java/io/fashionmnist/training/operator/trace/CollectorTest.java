package io.fashionmnist.training.operator.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.status.StatusChange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent to a collector that asks who calls. */
class CollectorTest {
  private static final FashionTrainingJob JOB =
      Serialization.unmarshal(
          """
          apiVersion: training.fashion-mnist.io/v1alpha1
          kind: FashionTrainingJob
          metadata:
            name: job
            namespace: team
            uid: 0af76519-16cd-43dd-8448-eb211c80319c
            creationTimestamp: "2026-01-01T00:00:00Z"
          spec: {}
          """,
          FashionTrainingJob.class);

  @TempDir Path secret;

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            seen.add(
                exchange.getRequestHeaders().getFirst("Authorization")
                    + " "
                    + exchange.getRequestHeaders().getFirst("X-Tenant"));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  @Test
  void sendsTheSecretsHeadersAndFollowsItsChanges() throws IOException {
    Files.writeString(secret.resolve("authorization"), "Bearer one\n");
    Files.writeString(secret.resolve("x-tenant"), "shop");
    // As the kubelet lays a Secret out.
    Files.createDirectories(secret.resolve("..2026_01_01"));

    send(Optional.of(secret));
    try (JobTraces traces = traces(Optional.of(secret))) {
      Files.writeString(secret.resolve("authorization"), "Bearer two");
      traces.changed(failure());
    }

    assertThat(seen).containsExactly("Bearer one shop", "Bearer two shop");
  }

  @Test
  void sendsTheOnesOfBeforeWhileTheyCantBeRead() throws IOException {
    Files.writeString(secret.resolve("authorization"), "Bearer one");
    try (JobTraces traces = traces(Optional.of(secret))) {
      Files.writeString(secret.resolve("authorization"), "");
      traces.changed(failure());
    }

    assertThat(seen).containsExactly("Bearer one null");
  }

  @Test
  void sendsNoneWhereNoneAreWanted() {
    send(Optional.empty());

    assertThat(seen).containsExactly("null null");
  }

  @Test
  void saysAtTheStartWhatIsWrongAndNoSecret() throws IOException {
    assertThatThrownBy(() -> traces(Optional.of(secret.resolve("nothing"))))
        .hasMessageContaining("nothing can't be read");
    Files.writeString(secret.resolve("authorization"), "Bearer one\nBearer two");
    assertThatThrownBy(() -> traces(Optional.of(secret)))
        .hasMessageContaining("authorization is no header")
        .message()
        .doesNotContain("Bearer");
  }

  private void send(Optional<Path> headers) {
    try (JobTraces traces = traces(headers)) {
      traces.changed(failure());
    }
  }

  private JobTraces traces(Optional<Path> headers) {
    return Collector.traces(
        "http://127.0.0.1:" + server.getAddress().getPort(), headers, "installation");
  }

  /** A job that fails before its first attempt: one span. */
  private static StatusChange failure() {
    return new StatusChange(
        JOB,
        PlacementPlan.of(JOB, OperatorSettings.defaults()),
        FashionTrainingJobStatus.none(),
        Serialization.unmarshal(
            """
            phase: Failed
            completionTime: "2026-01-01T00:00:05Z"
            attempts: []
            attemptCount: 0
            conditions: [{type: Failed, status: 'True', reason: Other, message: m, lastTransitionTime: '2026-01-01T00:00:01Z'}]
            """,
            FashionTrainingJobStatus.class),
        Instant.parse("2026-01-01T00:00:05Z"));
  }
}
