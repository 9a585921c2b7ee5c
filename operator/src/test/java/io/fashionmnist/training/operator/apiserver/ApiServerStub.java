package io.fashionmnist.training.operator.apiserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Answers every call in the same way, and remembers which there were; for tests without a server.
 */
public final class ApiServerStub implements AutoCloseable {
  private static final String KINDS =
      """
      {"kind": "APIResourceList", "apiVersion": "v1",
       "groupVersion": "training.fashion-mnist.io/v1alpha1",
       "resources": [{"name": "fashiontrainingjobs", "singularName": "fashiontrainingjob",
         "namespaced": true, "kind": "FashionTrainingJob", "verbs": ["get", "patch"]}]}
      """;

  private final HttpServer server;
  private final KubernetesClient client;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private volatile int code = 200;
  private volatile String body = "{}";
  private volatile Optional<Refusal> refusal = Optional.empty();

  private record Refusal(Predicate<String> what, int status, String json) {}

  public ApiServerStub() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Config.empty())
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffInterval(1)
                    .build())
            .build();
  }

  public KubernetesClient client() {
    return client;
  }

  /** From now on. */
  public void answers(int status, String json) {
    code = status;
    body = json;
  }

  /** From now on: a refusal in the API server's form. */
  public void refuses(int status, String message) {
    answers(
        status,
        """
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": %d, "message": "%s"}
        """
            .formatted(status, message.replace("\"", "\\\"")));
  }

  /** From now on: what is sent with such a body is refused. */
  public void refuses(Predicate<String> what, int status) {
    refusal =
        Optional.of(
            new Refusal(
                what,
                status,
                "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"code\": %d}".formatted(status)));
  }

  /** Method and last part of the path of each call. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  /** What was sent with each call. */
  public List<String> bodies() {
    return List.copyOf(bodies);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/apis/training.fashion-mnist.io/v1alpha1")) {
      send(exchange, 200, KINDS);
      return;
    }
    calls.add(exchange.getRequestMethod() + " " + path.substring(path.lastIndexOf('/') + 1));
    String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    bodies.add(sent);
    Optional<Refusal> refused = refusal.filter(each -> each.what().test(sent));
    send(
        exchange,
        refused.map(Refusal::status).orElse(code),
        refused.map(Refusal::json).orElse(body));
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    client.close();
    server.stop(0);
  }
}
