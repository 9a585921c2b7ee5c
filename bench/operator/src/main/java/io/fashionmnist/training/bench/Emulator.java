package io.fashionmnist.training.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Vertex AI emulator as a process, and its administration. */
final class Emulator implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final String endpoint;

  private Emulator(Process process, String endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /**
   * Starts one on a free port.
   *
   * @param settings content of its settings file
   */
  static Emulator start(String command, String settings, Path directory)
      throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("emulator.yaml"), settings);
    Path log = directory.resolve("emulator.log");
    Process process =
        new ProcessBuilder(command, "--port", "0", "--config", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      Matcher matcher = LISTENING.matcher(Files.readString(log));
      if (matcher.find()) {
        return new Emulator(process, "127.0.0.1:" + matcher.group(1));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    process.destroyForcibly();
    throw new IOException("The emulator does not start:\n" + Files.readString(log));
  }

  /** Host and port. */
  String endpoint() {
    return endpoint;
  }

  /** Identifiers of jobs in a state, such as RUNNING. */
  List<String> jobs(String state) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    for (JsonNode job : JSON.readTree(send("GET", "jobs"))) {
      if (job.get("state").asText().equals("JOB_STATE_" + state)) {
        all.add(job.get("id").asText());
      }
    }
    return all;
  }

  /** What a job wrote; empty if there is nothing of it. */
  String log(String id) throws IOException, InterruptedException {
    return send("GET", "jobs/" + id + "/log");
  }

  void forgetCalls() throws IOException, InterruptedException {
    send("DELETE", "calls");
  }

  /** Calls by method since they were forgotten. */
  Map<String, Long> calls() throws IOException, InterruptedException {
    Map<String, Long> all = new TreeMap<>();
    for (JsonNode each : JSON.readTree(send("GET", "calls"))) {
      all.merge(each.get("method").asText(), each.get("count").asLong(), Long::sum);
    }
    return all;
  }

  private String send(String method, String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://%s/admin/%s".formatted(endpoint, path)))
                .method(method, BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    return response.statusCode() < 300 ? response.body() : "";
  }

  @Override
  public void close() {
    // The launcher is a shell script: its Java is what has to end.
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.onExit().join();
    http.close();
  }
}
