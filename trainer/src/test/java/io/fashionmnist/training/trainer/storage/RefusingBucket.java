package io.fashionmnist.training.trainer.storage;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What answers as Cloud Storage does when it refuses, in its own words, and does nothing else. */
public final class RefusingBucket implements AutoCloseable {
  private final AtomicInteger requests = new AtomicInteger();
  private final HttpServer server;

  /**
   * Starts it.
   *
   * @param status the refusals' HTTP status
   * @param message the refusals' reason
   * @param refusals how many requests are refused; those after them succeed
   */
  public RefusingBucket(int status, String message, int refusals) throws IOException {
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
  }

  /** Refuses everything for want of a permission, as to a service account. */
  public static RefusingBucket withoutPermission(String permission) throws IOException {
    return new RefusingBucket(
        403,
        "trainer@p.iam.gserviceaccount.com does not have %s access to the Google Cloud Storage object."
            .formatted(permission),
        Integer.MAX_VALUE);
  }

  /** What a process has to find in its environment to ask it. */
  public Map<String, String> environment() {
    return Map.of("STORAGE_EMULATOR_HOST", "127.0.0.1:" + server.getAddress().getPort());
  }

  int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
