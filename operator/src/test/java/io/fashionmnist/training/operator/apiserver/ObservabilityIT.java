package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.testing.EmulatorProcess;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the operator tells of itself while jobs find no quota, are moved, succeed and fail; looked
 * at by a Prometheus, a collector of traces and a reader of its log.
 */
@Timeout(600)
class ObservabilityIT {
  private static final String NAMESPACE = "observed";
  private static final Path CHART = Path.of("../helm/fashion-training-operator");
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String OURS = "fashion_training_";

  private static InstalledChart chart;
  private static ReportBuckets buckets;
  private static EmulatorProcess vertex;
  private static TraceReceiver collector;
  private static NodeStandIn node;
  private static OperatorProcess operator;
  private static PrometheusProcess prometheus;

  @BeforeAll
  static void runSomeJobs() throws Exception {
    chart = InstalledChart.start();
    buckets = ReportBuckets.empty();
    chart.makeNamespace(NAMESPACE);
    vertex =
        EmulatorProcess.start(
            "{port: 0, buckets: {central: us-central1, west: us-west1, east: us-east1}}");
    vertex.limit("us-central1", "custom_model_training_cpus", 0);
    vertex.limit("us-west1", "custom_model_training_cpus", 42);
    vertex.fault("{fault: stockout, region: us-east1, delay: 1s}");
    collector = TraceReceiver.start();
    operator = start("one").ready();
    prometheus =
        PrometheusProcess.scraping(operator.httpPort(), CHART.resolve("files/alerts.yaml"));
    node = NodeStandIn.start(chart.admin(), NAMESPACE, Duration.ofSeconds(1));
    create("moved");
    awaitPhase("moved", Phase.SUCCEEDED);
    create("next");
    awaitPhase("next", Phase.SUCCEEDED);
    create("sold-out");
    awaitPhase("sold-out", Phase.SUCCEEDED);
    postWithoutToken();
  }

  @AfterAll
  static void end() {
    for (AutoCloseable each :
        new AutoCloseable[] {prometheus, operator, node, collector, vertex, chart, buckets}) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void everyMetricIsDocumentedAndEveryDocumentedOneIsThere() {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(scraped()).isEqualTo(documented()));
  }

  /** Of no library either: their number must not grow with the number of jobs. */
  @Test
  void noLabelNamesAJob() throws Exception {
    Pattern job =
        Pattern.compile("=\"[^\"]*\\b(moved|next|sold-out|%s)\\b[^\"]*\"".formatted(NAMESPACE));
    assertThat(scrape().lines().filter(line -> !line.startsWith("#")))
        .hasSizeGreaterThan(200)
        .noneMatch(line -> job.matcher(line).find());
  }

  @Test
  void everyPanelOfTheDashboardShowsSomething() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(CHART.resolve("files/dashboard.json").toFile());
    List<String> queries = dashboard.findValuesAsText("expr");
    assertThat(queries).hasSizeGreaterThan(20);

    for (String query : queries) {
      String asked =
          query
              .replace("$namespace", ".*")
              .replace("$__rate_interval", "2m")
              .replace("$__range", "5m");
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(prometheus.query(asked)).as(asked).isNotEmpty());
    }
  }

  @Test
  void prometheusEvaluatesEveryAlert() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(prometheus.rules())
                    .hasSizeGreaterThan(5)
                    .allSatisfy(rule -> assertThat(rule.get("health").asText()).isEqualTo("ok")));
    // With these queries each of them has something to look at.
    assertThat(prometheus.query("fashion_training_leader == 1")).hasSize(1);
  }

  @Test
  void theLogTellsOneJobsStoryUnderItsKeys() throws IOException {
    List<JsonNode> story = new ArrayList<>();
    for (String line : operator.log().lines().toList()) {
      if (line.startsWith("{")) {
        JsonNode entry = new ObjectMapper().readTree(line);
        boolean ours = entry.get("loggerName").asText().startsWith("io.fashionmnist");
        if (ours && entry.at("/mdc/job").asText().equals("moved")) {
          story.add(entry);
        }
      }
    }

    assertThat(story)
        .allMatch(entry -> entry.at("/mdc/namespace").asText().equals(NAMESPACE))
        .anyMatch(entry -> told(entry, "1", "central", "QuotaExceeded"))
        .anyMatch(entry -> told(entry, "2", "west", "Succeeded"));
  }

  /** The query that docs/runbook.md has, on what this operator has written. */
  @Test
  void theRunbooksQueryTellsOneJobsStory() throws Exception {
    String query =
        runbook("## One job's story")
            .replace("TEAM", NAMESPACE)
            .replace("JOB", "moved")
            .replace("NS", InstalledChart.NAMESPACE);
    assertThat(query).contains("kubectl", "jq");
    Path log = Files.writeString(Files.createTempFile("operator", ".log"), operator.log());
    ProcessBuilder shell =
        new ProcessBuilder(
                "bash", "-euo", "pipefail", "-c", "kubectl() { cat \"$LOG\"; }\n" + query)
            .redirectErrorStream(true);
    shell.environment().put("LOG", log.toString());
    Path programs =
        Path.of(Objects.requireNonNull(System.getenv("JQ"), "JQ is not set: use make it"));
    shell
        .environment()
        .merge("PATH", programs.getParent().toString(), (path, dir) -> dir + ":" + path);
    Process process = shell.start();
    String story = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(story).isZero();
    assertThat(story.lines())
        .anyMatch(line -> line.matches("\\S+ INFO 1 central .*QuotaExceeded.*"))
        .anyMatch(line -> line.matches("\\S+ INFO 2 west .*Succeeded.*"))
        .noneMatch(line -> line.contains("sold-out"));
  }

  /** The first block of commands below a heading of the runbook. */
  private static String runbook(String heading) throws IOException {
    String page = Files.readString(Path.of("../docs/runbook.md"));
    String section = page.substring(page.indexOf("\n" + heading + "\n"));
    Matcher block = Pattern.compile("(?s)\n```sh\n(.*?)\n```\n").matcher(section);
    assertThat(block.find()).as(heading).isTrue();
    return block.group(1);
  }

  private static boolean told(JsonNode entry, String attempt, String placement, String word) {
    return entry.at("/mdc/attempt").asText().equals(attempt)
        && entry.at("/mdc/placement").asText().equals(placement)
        && entry.get("message").asText().contains(word);
  }

  @Test
  void aJobsAttemptsAreOneTrace() {
    String uid = get("moved").getMetadata().getUid();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(collector.of(uid))
                    .extracting(Span::getName)
                    .contains("attempt", "FashionTrainingJob"));
    List<Span> spans = collector.of(uid);
    Span job =
        spans.stream()
            .filter(span -> span.getName().equals("FashionTrainingJob"))
            .findFirst()
            .orElseThrow();
    assertThat(job.getParentSpanId()).isEqualTo(ByteString.EMPTY);
    assertThat(spans)
        .filteredOn(span -> span.getName().equals("attempt"))
        .hasSize(2)
        .allMatch(span -> span.getParentSpanId().equals(job.getSpanId()))
        .allMatch(span -> span.getEndTimeUnixNano() >= span.getStartTimeUnixNano())
        .anyMatch(
            span ->
                span.getEventsList().stream()
                    .anyMatch(event -> event.getName().equals("QuotaExceeded")));
  }

  @Test
  void theLogIsTextForPeopleWhereThatIsWanted() {
    try (OperatorProcess text =
        OperatorProcess.start(
                "text",
                chart,
                chart.settings(),
                Map.of("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "false"))
            .ready()) {
      assertThat(text.log().lines())
          .noneMatch(line -> line.startsWith("{"))
          .anyMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\d .* INFO .*Serving by HTTPS.*"));
    }
  }

  /** Labels by metric, as docs/metrics.md has them. */
  private static Map<String, Set<String>> documented() throws IOException {
    Map<String, Set<String>> all = new TreeMap<>();
    Pattern row = Pattern.compile("^\\| `(" + OURS + "\\w+)` \\| (\\w+) \\|([^|]*)\\|.*");
    for (String line : Files.readAllLines(Path.of("../docs/metrics.md"))) {
      Matcher matcher = row.matcher(line);
      if (matcher.matches()) {
        all.put(matcher.group(1) + " " + matcher.group(2), words(matcher.group(3)));
      }
    }
    return all;
  }

  /** The same, as the operator has them; of a histogram its buckets stand for all of it. */
  private static Map<String, Set<String>> scraped() throws Exception {
    Map<String, String> types = new TreeMap<>();
    Map<String, Set<String>> all = new TreeMap<>();
    Pattern sample = Pattern.compile("^(" + OURS + "\\w+?)(_bucket|_sum|_count)?(\\{(.*)})? \\S+$");
    String scrape = scrape();
    for (String line : scrape.lines().toList()) {
      if (line.startsWith("# TYPE " + OURS)) {
        String[] words = line.split(" ");
        types.put(words[2], words[3]);
      }
    }
    for (String line : scrape.lines().toList()) {
      Matcher matcher = sample.matcher(line);
      if (matcher.matches() && types.containsKey(matcher.group(1))) {
        String name = matcher.group(1);
        boolean longest =
            name.endsWith("_max") && "histogram".equals(types.get(name.replaceFirst("_max$", "")));
        if (!longest) {
          Set<String> labels =
              all.computeIfAbsent(name + " " + types.get(name), _ -> new TreeSet<>());
          Matcher label =
              Pattern.compile("(\\w+)=\"")
                  .matcher(matcher.group(4) == null ? "" : matcher.group(4));
          while (label.find()) {
            if (!label.group(1).equals("le")) {
              labels.add(label.group(1));
            }
          }
        }
      }
    }
    return all;
  }

  private static Set<String> words(String cell) {
    Set<String> all = new TreeSet<>();
    Matcher word = Pattern.compile("`(\\w+)`").matcher(cell);
    while (word.find()) {
      all.add(word.group(1));
    }
    return all;
  }

  private static String scrape() throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:%d/q/metrics".formatted(operator.httpPort())))
                .header("Accept", "text/plain")
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  /** As a trainer does that has lost its token. */
  private static void postWithoutToken() throws Exception {
    URI uri =
        URI.create(
            "https://127.0.0.1:%d/v1/namespaces/%s/jobs/moved/progress"
                .formatted(operator.progressPort(), NAMESPACE));
    HttpsURLConnection connection = TrustsAll.open(uri);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.getOutputStream().write("{}".getBytes());
    assertThat(connection.getResponseCode()).isEqualTo(401);
  }

  private static OperatorProcess start(String name) {
    return OperatorProcess.start(
        name,
        chart,
        chart.settings().replaceAll("(?m)^(tenants|vertex|tracing):.*$", "")
            + """

            tenants: [{projects: [shop], regions: ["us-*"]}]
            vertex: {project: shop, emulator: "%s", storage: "%s", interval: 1s, quotaInterval: 2s}
            tracing: {endpoint: "%s"}
            """
                .formatted(vertex.endpoint(), buckets.address(), collector.endpoint()));
  }

  private static void create(String name) {
    String placements =
        name.equals("sold-out")
            ? "{name: east, vertex: {region: us-east1, machineType: n1-standard-4, outputUri:"
                + " gs://east/runs}}, {name: here, cluster: {}}"
            : "{name: central, vertex: {region: us-central1, machineType: n1-standard-4}}, {name:"
                + " west, vertex: {region: us-west1, machineType: n1-standard-4, outputUri:"
                + " gs://west/runs}}";
    chart
        .admin()
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: training.fashion-mnist.io/v1alpha1
                kind: FashionTrainingJob
                metadata: {name: %s}
                spec: {output: {uri: gs://central/runs}, placements: [%s]}
                """
                    .formatted(name, placements),
                GenericKubernetesResource.class))
        .inNamespace(NAMESPACE)
        .create();
  }

  private static void awaitPhase(String name, Phase phase) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(get(name).currentStatus().phase())
                    .as("%s", get(name).currentStatus().attempts())
                    .isEqualTo(phase));
  }

  private static FashionTrainingJob get(String name) {
    return chart
        .admin()
        .resources(FashionTrainingJob.class)
        .inNamespace(NAMESPACE)
        .withName(name)
        .get();
  }
}
