package io.fashionmnist.training.operator.apiserver;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operator that was built, as a process of its own. */
final class OperatorProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]*:(\\d+)");
  private static final Pattern PROGRESS = Pattern.compile("Serving by HTTPS on port (\\d+)");

  private final Process process;
  private final Path log;

  private OperatorProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a replica.
   *
   * @param name its pod's name
   * @param settings content of its settings file
   */
  static OperatorProcess start(String name, InstalledChart chart, String settings) {
    return start(name, chart, settings, Map.of());
  }

  /**
   * Starts a replica.
   *
   * @param environment more variables
   */
  static OperatorProcess start(
      String name, InstalledChart chart, String settings, Map<String, String> environment) {
    try {
      Path directory = Files.createTempDirectory("operator-" + name);
      Path log = directory.resolve("log");
      Path file =
          Files.writeString(
              directory.resolve("config.yaml"), settings.replace("port: 8443", "port: 0"));
      List<String> command = new ArrayList<>();
      command.add(ProcessHandle.current().info().command().orElseThrow());
      // The image's options: the quick compiler alone takes a third off the start.
      command.addAll(
          List.of(
              "-XX:+UseSerialGC",
              "-XX:+UseCompactObjectHeaders",
              "-XX:TieredStopAtLevel=1",
              "-Xmn24m",
              "-Xmx256m",
              "-jar",
              "target/quarkus-app/quarkus-run.jar"));
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder
          .environment()
          .putAll(
              Map.of(
                  "KUBECONFIG",
                  chart.operatorKubeconfig(directory).toString(),
                  "FASHION_TRAINING_CONFIG",
                  file.toString(),
                  "POD_NAME",
                  name,
                  "POD_NAMESPACE",
                  InstalledChart.NAMESPACE,
                  "QUARKUS_HTTP_HOST",
                  "127.0.0.1",
                  "QUARKUS_HTTP_PORT",
                  "0",
                  "QUARKUS_LOG_CATEGORY__IO_JAVAOPERATORSDK__LEVEL",
                  "DEBUG"));
      builder.environment().putAll(environment);
      return new OperatorProcess(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it serves. */
  OperatorProcess ready() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("The operator has ended:\n" + log());
              }
              return find(LISTENING).isPresent();
            });
    return this;
  }

  int progressPort() {
    return Integer.parseInt(find(PROGRESS).orElseThrow());
  }

  int httpPort() {
    return Integer.parseInt(find(LISTENING).orElseThrow());
  }

  /** As `kill -9` does. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Waits for its end. */
  int exitCode() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("The operator still runs:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  private Optional<String> find(Pattern pattern) {
    Matcher matcher = pattern.matcher(log());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
