package io.fashionmnist.training.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fashionmnist.training.api.training.TrainingReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class ProgressPostTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  @TempDir static Path certificates;
  private static SelfSigned ours;
  private static SelfSigned anothers;

  @TempDir Path directory;
  private final BlockingQueue<Post> posts = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
  private final Semaphore mayAnswer = new Semaphore(Integer.MAX_VALUE);
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private byte[] body = {};
  private HttpsServer server;
  private Path token;
  private Path ca;

  /** What the receiver got; it is noted before the answer. */
  private record Post(String authorization, TrainingReport report) {}

  @BeforeAll
  static void makeCertificates() throws Exception {
    ours = SelfSigned.create(certificates.resolve("ours.p12"));
    anothers = SelfSigned.create(certificates.resolve("anothers.p12"));
  }

  @BeforeEach
  void start() throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(ours.serverContext()));
    server.setExecutor(requests);
    server.createContext("/progress", this::receive);
    server.start();
    token = Files.writeString(directory.resolve("token"), "first\n");
    ca = Files.writeString(directory.resolve("ca.crt"), ours.pem());
  }

  @AfterEach
  void stop() {
    server.stop(0);
    requests.shutdownNow();
  }

  @Test
  void postsTheCompactReportWithTheToken() throws Exception {
    List<String> names = IntStream.range(0, 40).mapToObj(c -> "class " + c).toList();
    try (ProgressPost post = post(AT_ONCE)) {
      post.on(Events.started(1, names));
      assertThat(posts.take().report().epochs()).isEqualTo(3);
      post.on(Events.tested(40));

      Post second = posts.take();
      assertThat(second.authorization()).isEqualTo("Bearer first");
      assertThat(second.report().attempt()).isEqualTo(7);
      assertThat(second.report().perClass()).hasSize(10);
      assertThat(second.report().confusionMatrix()).isNull();
      assertThat(second.report().test().images()).isEqualTo(40);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void readsTheTokenEachTime() throws Exception {
    try (ProgressPost post = post(AT_ONCE)) {
      post.on(Events.started());
      assertThat(posts.take().authorization()).isEqualTo("Bearer first");

      Files.writeString(token, "second");
      post.on(Events.step(1, 1));

      assertThat(posts.take().authorization()).isEqualTo("Bearer second");
    }
  }

  @Test
  void keepsAMalformedTokenToItself() throws Exception {
    Files.writeString(token, "secret\nsecret");
    try (ProgressPost post = post(AT_ONCE)) {
      post.on(Events.started());

      assertThat(warnings.take()).endsWith("no bearer token in " + token).doesNotContain("secret");
    }
  }

  @Test
  void doesNotHoldUpTheTrainingForASlowReceiver() throws Exception {
    mayAnswer.drainPermits();
    try (ProgressPost post = post(AT_ONCE)) {
      post.on(Events.started());
      assertThat(posts.take().report().progressPercentage()).isZero();

      for (int epoch = 1; epoch <= Events.EPOCHS; epoch++) {
        for (int step = 1; step <= Events.STEPS_PER_EPOCH; step++) {
          post.on(Events.step(epoch, step));
        }
        post.on(Events.epoch(epoch));
      }
      assertThat(posts).as("the first post is still unanswered").isEmpty();

      mayAnswer.release(10);
      assertThat(posts.take().report().epoch()).isEqualTo(3);
    }
    assertThat(posts).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void givesUpAnAnswerThatBeginsAndDoesNotEnd() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    server.createContext(
        "/stalling",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          posts.add(new Post("stalled", null));
          try (exchange) {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    try (ProgressPost post = post("/stalling", AT_ONCE)) {
      post.on(Events.started());

      assertThat(warnings.take()).endsWith("(training goes on): no whole answer within 5 seconds");
      posts.take();
      assertThat(posts.take()).as("the next try").isNotNull();
      over.countDown();
    }
  }

  @Test
  void waitsForTheIntervalAndPostsTheLatestAtTheEnd() throws Exception {
    try (ProgressPost post = post(Duration.ofDays(1))) {
      post.on(Events.started());
      assertThat(posts.take().report().epoch()).isZero();
      post.on(Events.epoch(1));
      post.on(Events.epoch(2));
    }

    assertThat(posts).extracting(p -> p.report().epoch()).containsExactly(2);
  }

  @Test
  void breaksOffAnUnansweredPostForTheLast() throws Exception {
    mayAnswer.drainPermits();
    try (ProgressPost post = post(AT_ONCE)) {
      post.on(Events.started());
      posts.take();
      post.on(Events.finished());
    }

    assertThat(posts.take().report().progressPercentage()).isEqualTo(100);
  }

  @Test
  void warnsOnceUntilTheReceiverIsBack() throws Exception {
    answers.addAll(List.of(500, 503, 500));
    try (ProgressPost post = post(AT_ONCE)) {
      post.on(Events.started());
      for (int i = 0; i < 4; i++) {
        posts.take();
      }
      assertThat(warnings).singleElement().asString().endsWith("(training goes on): HTTP 500");

      answers.add(403);
      post.on(Events.epoch(1));
      posts.take();
      assertThat(posts.take().report().epoch()).isEqualTo(1);
    }
    assertThat(warnings).last().asString().endsWith("HTTP 403");
    assertThat(warnings).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'message': 'attempt 7 is over:\\u001b\\n start another'} | HTTP 409: attempt 7 is over: start another",
        "{'message': ''} | HTTP 409",
        "{'error': 'none of ours'} | HTTP 409",
        "<html>a proxy</html> | HTTP 409"
      })
  void saysWhatTheReceiverSaysWhereItRefuses(String answer, String told) throws Exception {
    answers.add(409);
    body = answer.replace("'", "\"").getBytes(StandardCharsets.UTF_8);
    try (ProgressPost post = post(AT_ONCE)) {
      post.on(Events.started());

      assertThat(warnings.take()).endsWith("(training goes on): " + told);
    }
  }

  @Test
  void endsWithOneWarningWhenNobodyListens() throws Exception {
    server.stop(0);
    try (ProgressPost post = post(AT_ONCE)) {
      post.on(Events.started());
      assertThat(warnings.take()).startsWith("Progress could not be posted to https://127.0.0.1:");
      post.on(Events.epoch(1));
      post.on(Events.finished());
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void trustsNobodyElseAndFollowsTheCertificates() throws Exception {
    Files.writeString(ca, anothers.pem());
    try (ProgressPost post = post(AT_ONCE)) {
      post.on(Events.started());
      assertThat(warnings.take()).contains("PKIX path");
      assertThat(posts).isEmpty();

      Files.writeString(ca, ours.pem());

      assertThat(posts.take().report().epoch()).isZero();
    }
  }

  private ProgressPost post(Duration interval) {
    return post("/progress", interval);
  }

  private ProgressPost post(String path, Duration interval) {
    return new ProgressPost(
        URI.create("https://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path)),
        Optional.of(token),
        Optional.of(ca),
        interval,
        CLOCK,
        OptionalInt.of(7),
        warnings::add);
  }

  private void receive(HttpExchange exchange) throws IOException {
    TrainingReport report =
        new ObjectMapper()
            .readValue(exchange.getRequestBody().readAllBytes(), TrainingReport.class);
    // Taken before the post is noted: whoever has seen it sets the answer to the next one.
    Integer answer = answers.poll();
    posts.add(new Post(exchange.getRequestHeaders().getFirst("Authorization"), report));
    try {
      mayAnswer.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (answer == null) {
      exchange.sendResponseHeaders(204, -1);
    } else {
      exchange.sendResponseHeaders(answer, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }
}
