package io.fashionmnist.training.trainer;

import static io.fashionmnist.training.trainer.SmallTraining.command;
import static io.fashionmnist.training.trainer.SmallTraining.files;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data from a server that sends a byte now and then. */
class SlowDataTest {
  private static final int BYTES_A_SECOND = 20;

  @TempDir Path directory;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(requests);
    server.createContext("/", this::trickle);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    requests.close();
  }

  @Test
  void aTerminationIsHeardWhileDataAreRead() throws Exception {
    Path output = directory.resolve("output");
    Path log = directory.resolve("termination-log");
    try (TrainerProcess run =
        TrainerProcess.start(
            Distribution.in(directory.resolve("dist")),
            Map.of(),
            command(
                "http://127.0.0.1:" + server.getAddress().getPort(),
                output,
                "--termination-log=" + log))) {
      begun.await();

      assertThat(run.terminate().exitCode()).as("%s", run).isEqualTo(143);

      assertThat(run.out()).contains("Asked to stop before the data were read");
      assertThat(new ObjectMapper().readTree(log.toFile()).path("exitCode").intValue())
          .isEqualTo(143);
      assertThat(files(output)).isEmpty();
    }
  }

  /** Images or labels that would take a day to come. */
  private void trickle(HttpExchange exchange) throws IOException {
    boolean labels = exchange.getRequestURI().getPath().contains("labels");
    exchange.sendResponseHeaders(200, 0);
    try (exchange;
        DataOutputStream body = new DataOutputStream(exchange.getResponseBody())) {
      body.writeInt(labels ? 0x0801 : 0x0803);
      body.writeInt(10_000);
      body.writeInt(28);
      body.writeInt(28);
      body.flush();
      begun.countDown();
      while (!over.await(1_000 / BYTES_A_SECOND, TimeUnit.MILLISECONDS)) {
        body.write(0);
        body.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
