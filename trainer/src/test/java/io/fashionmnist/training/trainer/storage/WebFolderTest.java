package io.fashionmnist.training.trainer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WebFolderTest {
  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private WebFolder folder;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          byte[] body = "content".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answers.isEmpty() ? 200 : answers.poll(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    folder = at("/fashion?sig=a%2Fb");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void reads() throws Exception {
    assertThat(FolderContract.read(folder, "train images.gz")).asString().isEqualTo("content");
    assertThat(FolderContract.read(folder.folder("below"), "a")).asString().isEqualTo("content");
    assertThat(FolderContract.read(at(""), "a")).asString().isEqualTo("content");

    assertThat(asked)
        .containsExactly(
            "/fashion/train%20images.gz?sig=a%2Fb", "/fashion/below/a?sig=a%2Fb", "/a");
  }

  @Test
  void triesAgainWhenTheServerFails() throws Exception {
    answers.add(503);
    answers.add(500);

    assertThat(FolderContract.read(folder, "a")).asString().isEqualTo("content");
    assertThat(asked).hasSize(3);
  }

  @Test
  void givesUpAfterThreeAttempts() {
    answers.addAll(java.util.List.of(500, 500, 502, 200));

    assertThatThrownBy(() -> folder.open("a"))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("/fashion/a?sig=a%2Fb: HTTP 502");
  }

  @Test
  void saysWhatIsNotThereAndWhatIsForbidden() {
    answers.add(404);
    answers.add(403);

    assertThatThrownBy(() -> folder.open("a")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> folder.open("a")).isInstanceOf(AccessDeniedException.class);
    assertThat(asked).hasSize(2);
  }

  @Test
  void saysWhenNobodyListens() {
    server.stop(0);

    assertThatThrownBy(() -> folder.open("a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  @Timeout(30)
  void aServerThatFallsSilentWithinAFileIsNotWaitedForForEver() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    server.createContext(
        "/silent",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write("content".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          awaitQuietly(over);
          exchange.close();
        });

    try (InputStream in = at("/silent").open("a")) {
      assertThat(in.readNBytes(7)).asString().isEqualTo("content");
      assertThatThrownBy(in::read)
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith(
              "/silent/a: the server began to answer, but then sent nothing for 1 seconds");
    } finally {
      over.countDown();
    }
  }

  @Test
  void aConnectionThatBreaksWithinAFileIsAnError() throws Exception {
    server.createContext(
        "/broken",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write("content".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          // Less than announced.
          exchange.close();
        });

    try (InputStream in = at("/broken").open("a")) {
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("/broken/a: ");
    }
  }

  @Test
  void aLargeFileArrivesWhole() throws Exception {
    byte[] large = new byte[5_000_000];
    new Random(1).nextBytes(large);
    server.createContext(
        "/large",
        exchange -> {
          exchange.sendResponseHeaders(200, large.length);
          exchange.getResponseBody().write(large);
          exchange.close();
        });

    assertThat(FolderContract.read(at("/large"), "a")).isEqualTo(large);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void isForReadingOnly() {
    assertThatThrownBy(folder::list).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> folder.write("a", new byte[0]))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> folder.upload(Path.of("x"), "a"))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> folder.delete("a")).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(
            () -> WritableCheck.check(new FolderLocator(Map.of()).locate("https://host/x"), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("https://host/x")
        .hasMessageContaining("give a path or gs://bucket/prefix");
  }

  private WebFolder at(String path) {
    return new WebFolder(
        HttpClient.newHttpClient(),
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path),
        Duration.ZERO,
        Duration.ofSeconds(1));
  }
}
