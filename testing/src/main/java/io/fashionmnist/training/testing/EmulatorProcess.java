package io.fashionmnist.training.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
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
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The Vertex AI emulator as a process of its own: its Netty and gRPC are not those of the program
 * under test.
 */
public final class EmulatorProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");
  private static final Path JAR = Path.of("../vertex-emulator/target/dist/lib/vertex-emulator.jar");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final Process process;
  private final StringBuffer log;
  private final String endpoint;

  private EmulatorProcess(Process process, StringBuffer log, String endpoint) {
    this.process = process;
    this.log = log;
    this.endpoint = endpoint;
  }

  /** Whether it is built; a build of the whole project builds it before those who test with it. */
  public static boolean built() {
    return Files.exists(JAR);
  }

  /** Starts one on a free port. */
  public static EmulatorProcess start() {
    return start("{port: 0}");
  }

  /**
   * Starts one on a free port.
   *
   * @param settings content of its settings file
   */
  public static EmulatorProcess start(String settings) {
    try {
      Path file = Files.createTempDirectory("emulator").resolve("emulator.yaml");
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  JAR.toString(),
                  "--config",
                  Files.writeString(file, settings).toString())
              .redirectErrorStream(true)
              .start();
      BufferedReader output = process.inputReader();
      StringBuffer log = new StringBuffer();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        log.append(line).append('\n');
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
          Thread.ofPlatform()
              .daemon()
              .start(() -> output.lines().forEach(more -> log.append(more).append('\n')));
          return new EmulatorProcess(process, log, "127.0.0.1:" + listening.group(1));
        }
      }
      throw new AssertionError("The emulator has ended:\n" + log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its host and port. */
  public String endpoint() {
    return endpoint;
  }

  /** Sets a limit. */
  public void limit(String region, String metric, long value) {
    send("PUT", "quotas", "{\"%s\": {\"%s\": %d}}".formatted(region, metric, value));
  }

  /** What happens to jobs over quota: reject, fail or queue. */
  public void overQuota(String way) {
    send("PUT", "over-quota/" + way, "");
  }

  /** Sets a time that stands. */
  public void time(Instant now) {
    send("PUT", "clock/" + now, "");
  }

  /** Adds a rule of faults, as YAML. */
  public void fault(String rule) {
    send("POST", "faults", rule);
  }

  /** Ends all faults. */
  public void heal() {
    send("DELETE", "faults", "");
  }

  /** Puts a job into another state. */
  public void force(String job, String state) {
    send("POST", "jobs/%s/state/%s".formatted(job, state), "");
  }

  /** All jobs that were ever created, as the emulator keeps them. */
  public List<JsonNode> jobs() {
    return StreamSupport.stream(send("GET", "jobs", "").spliterator(), false).toList();
  }

  /** The jobs that are not over. */
  public List<JsonNode> liveJobs() {
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
  public long calls(String method, String region) {
    return StreamSupport.stream(send("GET", "calls", "").spliterator(), false)
        .filter(each -> each.get("method").asText().equals(method))
        .filter(each -> each.get("region").asText().equals(region))
        .mapToLong(each -> each.get("count").asLong())
        .sum();
  }

  /** How often a method was called, in whatever region. */
  public long calls(String method) {
    return StreamSupport.stream(send("GET", "calls", "").spliterator(), false)
        .filter(each -> each.get("method").asText().equals(method))
        .mapToLong(each -> each.get("count").asLong())
        .sum();
  }

  /** Changes a resource, such as {@code projects/shop/.../contexts/c}. */
  public void patch(String path, String body) {
    call("PATCH", "v1/" + path, body);
  }

  /** What the service itself answers to a GET, such as {@code projects/shop/.../models}. */
  public JsonNode get(String path) {
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
                  .header("Content-Type", "application/json")
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

  /** What it has said. */
  public String log() {
    return log.toString();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
