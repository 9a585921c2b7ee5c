package io.fashionmnist.training.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A headless Chromium with one page, by the <a
 * href="https://chromedevtools.github.io/devtools-protocol/">DevTools protocol</a>.
 */
public final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LISTENING = "DevTools listening on ws://";
  private static final long PATIENCE_SECONDS = 60;
  private static final String AXE = "/META-INF/resources/webjars/axe-core/%s/axe.min.js";
  private static final String AXE_VERSION =
      "/META-INF/maven/org.webjars.npm/axe-core/pom.properties";

  private final Process process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final BlockingQueue<String> loaded = new LinkedBlockingQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private int commands;

  /** How a page is looked at. */
  public record View(int width, int height, String colorScheme, boolean phone) {}

  private Browser(Process process, String page) throws Exception {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(page), new Listener())
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      command(domain + ".enable", Map.of());
    }
  }

  /** The Chromium that the environment variable CHROMIUM names, if there is one. */
  public static Optional<String> installed() {
    return Optional.ofNullable(System.getenv("CHROMIUM")).filter(path -> !path.isBlank());
  }

  /** Starts one, with a profile of its own. It takes a server's certificate for what it says. */
  public static Browser start(String program, Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                program,
                "--headless",
                // Its sandbox does not run as root; the pages are our own.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--hide-scrollbars",
                "--ignore-certificate-errors",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return new Browser(process, pageOf(process));
    } catch (Exception e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Sends headers with every request from now on. */
  public void headers(Map<String, String> headers) throws Exception {
    command("Network.setExtraHTTPHeaders", Map.of("headers", headers));
  }

  /** Opens a page and waits until all of it is there. */
  public void open(URI page, View view) throws Exception {
    requests.clear();
    complaints.clear();
    loaded.clear();
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", view.width(),
            "height", view.height(),
            "deviceScaleFactor", view.phone() ? 2 : 1,
            "mobile", view.phone()));
    command(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", view.colorScheme()))));
    command("Page.navigate", Map.of("url", page.toString()));
    if (loaded.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) == null) {
      throw new IOException(page + " was not loaded");
    }
    // Two frames later everything has been laid out and drawn.
    evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");
  }

  /** The value of an expression, awaited if it is a promise. */
  public JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        command(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IOException(result.path("exceptionDetails").toString());
    }
    return result.at("/result/value");
  }

  /**
   * What <a href="https://github.com/dequelabs/axe-core">axe</a> finds that keeps people from using
   * the open page, a line for each.
   */
  public List<String> barriers() throws Exception {
    JsonNode found =
        evaluate(
            axe()
                + """
                  ;axe.run().then(result => result.violations.map(violation =>
                    violation.id + ": " + violation.nodes.map(node => node.html).join(" ")))
                  """);
    return found.valueStream().map(JsonNode::textValue).toList();
  }

  /** All that was asked of the network, or of the disk, for the open page. */
  public List<String> requests() {
    return requests;
  }

  /** Errors and warnings of the page's console, and exceptions. */
  public List<String> complaints() {
    return complaints;
  }

  /** A picture of the whole page, as long as it is. */
  public void screenshot(Path png) throws Exception {
    JsonNode picture =
        command("Page.captureScreenshot", Map.of("captureBeyondViewport", true, "format", "png"));
    Files.createDirectories(png.getParent());
    Files.write(png, Base64.getDecoder().decode(picture.path("data").textValue()));
  }

  private static String axe() throws IOException {
    Properties jar = new Properties();
    try (InputStream file = Browser.class.getResourceAsStream(AXE_VERSION)) {
      jar.load(file);
    }
    try (InputStream file =
        Browser.class.getResourceAsStream(AXE.formatted(jar.getProperty("version")))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String pageOf(Process process) throws Exception {
    BufferedReader said = process.errorReader();
    String line = said.readLine();
    while (line != null && !line.startsWith(LISTENING)) {
      line = said.readLine();
    }
    if (line == null) {
      throw new IOException("Chromium ended with exit code " + process.waitFor());
    }
    // What else it says has to go somewhere, or it would wait for a reader.
    Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
    String address = line.substring(LISTENING.length()).replaceFirst("/.*", "");
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest list =
          HttpRequest.newBuilder(URI.create("http://" + address + "/json/list")).build();
      for (JsonNode target : JSON.readTree(client.send(list, BodyHandlers.ofString()).body())) {
        if (target.path("type").textValue().equals("page")) {
          return target.path("webSocketDebuggerUrl").textValue();
        }
      }
    }
    throw new IOException("Chromium has no page");
  }

  private JsonNode command(String method, Map<String, Object> parameters) throws Exception {
    int id = ++commands;
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", JSON.valueToTree(parameters));
    socket.sendText(message.toString(), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    JsonNode result = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (result.has("error")) {
      throw new IOException(method + ": " + result.path("error"));
    }
    return result.path("result");
  }

  private void receive(JsonNode message) {
    if (message.has("id")) {
      answers.remove(message.path("id").intValue()).complete(message);
      return;
    }
    JsonNode event = message.path("params");
    switch (message.path("method").textValue()) {
      case "Page.loadEventFired" -> loaded.add("loaded");
      case "Network.requestWillBeSent" -> requests.add(event.at("/request/url").textValue());
      case "Runtime.exceptionThrown" -> complaints.add(event.path("exceptionDetails").toString());
      case "Log.entryAdded" -> complaints.add(event.path("entry").toString());
      case "Runtime.consoleAPICalled" -> complaints.add(event.toString());
      default -> {}
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          receive(JSON.readTree(text.toString()));
        } catch (IOException e) {
          complaints.add(e.toString());
        }
        text.setLength(0);
      }
      webSocket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  @Override
  public void close() {
    socket.abort();
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    // Its profile is deleted next: until then nothing may write there, nor may what it has started.
    gone(process.toHandle());
    children.forEach(ProcessHandle::destroyForcibly);
    children.forEach(Browser::gone);
  }

  private static void gone(ProcessHandle process) {
    process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }
}
