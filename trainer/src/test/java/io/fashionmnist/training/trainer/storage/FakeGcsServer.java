package io.fashionmnist.training.trainer.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The fake-gcs-server program, running on a port of its own. */
public final class FakeGcsServer implements AutoCloseable {
  private final Process process;
  private final String address;

  private FakeGcsServer(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /** The program, where {@code FAKE_GCS_SERVER} says that it is. */
  public static Optional<Path> program() {
    return Optional.ofNullable(System.getenv("FAKE_GCS_SERVER"))
        .map(Path::of)
        .filter(Files::isExecutable);
  }

  /** Starts the program and waits until it listens. */
  public static FakeGcsServer start(Path program) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String address = "http://127.0.0.1:" + port;
    Process process =
        new ProcessBuilder(
                program.toString(),
                "-backend=memory",
                "-scheme=http",
                "-host=127.0.0.1",
                "-port=" + port,
                "-public-host=127.0.0.1:" + port,
                "-external-url=" + address)
            .redirectErrorStream(true)
            .start();
    BufferedReader log = process.inputReader();
    StringBuilder said = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      said.append(line).append('\n');
      if (line.contains("server started")) {
        Thread.ofPlatform().daemon().start(() -> log.lines().forEach(ignored -> {}));
        return new FakeGcsServer(process, address);
      }
    }
    throw new IOException("fake-gcs-server ended:\n" + said);
  }

  /** What a process has to find in its environment to use this server. */
  public Map<String, String> environment() {
    return Map.of("STORAGE_EMULATOR_HOST", address);
  }

  public void createBucket(String name) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/storage/v1/b?project=test"))
            .POST(BodyPublishers.ofString("{\"name\": \"%s\"}".formatted(name)))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        throw new IOException("no bucket %s: HTTP %d".formatted(name, status));
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
