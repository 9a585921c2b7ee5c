package io.fashionmnist.training.trainer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fashionmnist.training.trainer.BadInputException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Cloud Storage refuses, in its own words, from a server that does nothing else. */
class BucketFailureTest {
  private final AtomicInteger requests = new AtomicInteger();
  private volatile int refusals = Integer.MAX_VALUE;
  private volatile int status;
  private volatile String message;
  private HttpServer server;
  private FolderLocator locator;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          boolean refused = requests.getAndIncrement() < refusals;
          byte[] body =
              (refused
                      ? """
                        {"error": {"code": %d, "message": "%s",
                          "errors": [{"message": "%s", "domain": "global", "reason": "x"}]}}
                        """
                          .formatted(status, message, message)
                      : """
                        {"kind": "storage#object", "name": "run/a", "bucket": "fashion"}
                        """)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
          exchange.sendResponseHeaders(refused ? status : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    locator =
        new FolderLocator(
            Map.of("STORAGE_EMULATOR_HOST", "127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void stop() throws Exception {
    locator.close();
    server.stop(0);
  }

  @Test
  void namesTheMissingPermission() {
    status = 403;
    message =
        "trainer@p.iam.gserviceaccount.com does not have storage.objects.create access to the"
            + " Google Cloud Storage object.";
    Folder folder = locator.locate("gs://fashion/run");

    assertThatThrownBy(() -> folder.write("a", new byte[1]))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("gs://fashion/run/a")
        .hasMessageContaining("needs storage.objects.create")
        .hasMessageContaining("trainer@p.iam.gserviceaccount.com");
    assertThatThrownBy(() -> folder.open("a"))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("needs storage.objects.get");
    assertThatThrownBy(folder::list)
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("needs storage.objects.list");
    assertThatThrownBy(() -> folder.delete("a"))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("needs storage.objects.delete");
    assertThatThrownBy(() -> WritableCheck.check(folder, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("Cannot write to gs://fashion/run: needs storage.objects.create")
        .hasMessageEndingWith("grant this identity roles/storage.objectUser on the bucket.");
  }

  @Test
  void asksForCredentials() {
    status = 401;
    message = "Anonymous caller does not have storage.objects.create access.";
    Folder folder = locator.locate("gs://fashion/run");

    assertThatThrownBy(() -> folder.write("a", new byte[1]))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("needs credentials with storage.objects.create");
  }

  @Test
  void triesAgainWhenTheServiceIsBusy() throws Exception {
    status = 503;
    message = "Backend Error";
    refusals = 1;

    locator.locate("gs://fashion/run").write("a", new byte[1]);

    assertThat(requests).hasValue(2);
  }
}
