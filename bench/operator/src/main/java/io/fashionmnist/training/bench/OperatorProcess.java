package io.fashionmnist.training.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The operator as a process of this machine, from its start until it is closed. */
final class OperatorProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Process process;
  private final Duration ready;

  private OperatorProcess(Process process, Duration ready) {
    this.process = process;
    this.ready = ready;
  }

  /** Starts it and waits until it says that it is ready. */
  static OperatorProcess start(Contender contender, List<String> command, Path kubeconfig, Path log)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> all = new ArrayList<>(command);
    all.addAll(contender.arguments(port, freePort()));
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().putAll(contender.environment(port));
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      awaitReady(process, URI.create("http://127.0.0.1:" + port + contender.readyPath()), log);
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
    return new OperatorProcess(process, Duration.ofNanos(System.nanoTime() - start));
  }

  private static void awaitReady(Process process, URI health, Path log)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(2)).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!answers(http, request)) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(
              "The operator %s: %s%n%s"
                  .formatted(
                      process.isAlive() ? "does not become ready" : "has ended",
                      process.info().commandLine().orElse(""),
                      Files.readString(log)));
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  private static boolean answers(HttpClient http, HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  long pid() {
    return process.pid();
  }

  /** From the process's start until it was ready. */
  Duration ready() {
    return ready;
  }

  boolean alive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
