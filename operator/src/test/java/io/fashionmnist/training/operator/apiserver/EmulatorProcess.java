package io.fashionmnist.training.operator.apiserver;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The Vertex AI emulator as a process of its own: its Netty and the operator's are not the same.
 */
final class EmulatorProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");
  private static final Path JAR = Path.of("../vertex-emulator/target/dist/lib/vertex-emulator.jar");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final Process process;
  private final Path log;

  private EmulatorProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one on a free port.
   *
   * @param settings content of its settings file
   */
  static EmulatorProcess start(String settings) {
    try {
      Path directory = Files.createTempDirectory("emulator");
      Path log = directory.resolve("log");
      Path file = Files.writeString(directory.resolve("emulator.yaml"), settings);
      ProcessBuilder builder =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  JAR.toString(),
                  "--config",
                  file.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      EmulatorProcess emulator = new EmulatorProcess(builder.start(), log);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                if (!emulator.process.isAlive()) {
                  throw new AssertionError("The emulator has ended:\n" + emulator.log());
                }
                return emulator.port().isPresent();
              });
      return emulator;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its host and port. */
  String endpoint() {
    return "127.0.0.1:" + port().orElseThrow();
  }

  /** Sets a limit. */
  void limit(String region, String metric, long value) {
    send("PUT", "quotas", "{\"%s\": {\"%s\": %d}}".formatted(region, metric, value));
  }

  /** What happens to jobs over quota: reject, fail or queue. */
  void overQuota(String way) {
    send("PUT", "over-quota/" + way, "");
  }

  /** Sets a time that stands. */
  void time(Instant now) {
    send("PUT", "clock/" + now, "");
  }

  /** Adds a rule of faults, as YAML. */
  void fault(String rule) {
    send("POST", "faults", rule);
  }

  /** Ends all faults. */
  void heal() {
    send("DELETE", "faults", "");
  }

  /** Puts a job into another state. */
  void force(String job, String state) {
    send("POST", "jobs/%s/state/%s".formatted(job, state), "");
  }

  /** All jobs that were ever created, as the emulator keeps them. */
  List<JsonNode> jobs() {
    return StreamSupport.stream(send("GET", "jobs", "").spliterator(), false).toList();
  }

  /** The jobs that are not over. */
  List<JsonNode> liveJobs() {
    return jobs().stream()
        .filter(
            job ->
                List.of(
                        "JOB_STATE_QUEUED",
                        "JOB_STATE_PENDING",
                        "JOB_STATE_RUNNING",
                        "JOB_STATE_CANCELLING")
                    .contains(job.get("state").asText()))
        .toList();
  }

  /** How often a method was called in a region. */
  long calls(String method, String region) {
    return StreamSupport.stream(send("GET", "calls", "").spliterator(), false)
        .filter(each -> each.get("method").asText().equals(method))
        .filter(each -> each.get("region").asText().equals(region))
        .mapToLong(each -> each.get("count").asLong())
        .sum();
  }

  /** What the service itself answers to a GET, such as {@code projects/shop/.../models}. */
  JsonNode get(String path) {
    return call("GET", "v1/" + path, "");
  }

  private JsonNode send(String method, String path, String body) {
    return call(method, "admin/" + path, body);
  }

  private JsonNode call(String method, String path, String body) {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create("http://%s/%s".formatted(endpoint(), path)))
                  .method(method, BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new AssertionError(response.statusCode() + ": " + response.body());
      }
      return json.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  private Optional<String> port() {
    Matcher matcher = LISTENING.matcher(log());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
