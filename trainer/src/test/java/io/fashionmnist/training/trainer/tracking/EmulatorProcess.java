package io.fashionmnist.training.trainer.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Vertex AI emulator as a process of its own: its gRPC and the trainer's are not the same. */
public final class EmulatorProcess implements AutoCloseable {
  private static final Path JAR = Path.of("../vertex-emulator/target/dist/lib/vertex-emulator.jar");
  private static final Pattern LISTENING = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final String address;

  private EmulatorProcess(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Whether it is built; a build of the whole project builds it before the trainer. */
  public static boolean built() {
    return Files.exists(JAR);
  }

  /** Starts one on a free port. */
  public static EmulatorProcess start() throws IOException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-jar",
                JAR.toString(),
                "--port=0")
            .redirectErrorStream(true)
            .start();
    BufferedReader log = process.inputReader();
    StringBuilder said = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      said.append(line).append('\n');
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        Thread.ofPlatform().daemon().start(() -> log.lines().forEach(_ -> {}));
        return new EmulatorProcess(process, "127.0.0.1:" + listening.group(1));
      }
    }
    throw new IOException("The emulator does not start:\n" + said);
  }

  /** Its host and port. */
  public String address() {
    return address;
  }

  /** Adds a rule of faults, as YAML. */
  void fault(String rule) throws Exception {
    send("POST", "/admin/faults", rule);
  }

  /** Ends all faults. */
  void heal() throws Exception {
    send("DELETE", "/admin/faults", "");
  }

  /** How often a method was called. */
  int calls(String method) throws Exception {
    int all = 0;
    for (JsonNode count : send("GET", "/admin/calls", "")) {
      all += count.get("method").asText().equals(method) ? count.get("count").asInt() : 0;
    }
    return all;
  }

  /** What it answers. */
  JsonNode get(String path) throws Exception {
    return send("GET", path, "");
  }

  /** Changes a resource. */
  void patch(String path, String body) throws Exception {
    send("PATCH", path, body);
  }

  private JsonNode send(String method, String path, String body) throws Exception {
    var response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://" + address + path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    return new ObjectMapper().readTree(response.body());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
