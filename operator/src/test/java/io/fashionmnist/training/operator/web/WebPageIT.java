package io.fashionmnist.training.operator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement.Strategy;
import io.fashionmnist.training.operator.apiserver.InstalledChart;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.OperatorSettings.ProgressSettings;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.https.CertificateSecret;
import io.fashionmnist.training.operator.https.HttpsServer;
import io.fashionmnist.training.operator.quota.AttemptKey;
import io.fashionmnist.training.operator.quota.Limit;
import io.fashionmnist.training.operator.quota.QuotaDemand;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import io.fashionmnist.training.operator.quota.QuotaScope;
import io.fashionmnist.training.testing.Browser;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page on a real API server: who sees what. */
@Timeout(120)
class WebPageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String VIEWERS = "fashion-training-operator-view";
  private static final Path PICTURES = Path.of("target/web-page");
  private static final AtomicReference<Instant> NOW =
      new AtomicReference<>(Instant.parse("2026-01-02T03:05:00Z"));
  private static final InstantSource CLOCK = NOW::get;

  /** Requests that found the operator away. */
  private static final AtomicInteger IN_VAIN = new AtomicInteger();

  private static final AtomicBoolean AWAY = new AtomicBoolean();

  private static InstalledChart chart;
  private static KubernetesClient operator;
  private static Vertx vertx;
  private static WebPage page;
  private static HttpsServer server;
  private static int port;
  private static HttpClient http;
  private static String everywhere;
  private static String teamA;
  private static String nobody;

  @BeforeAll
  static void serve() throws Exception {
    chart = InstalledChart.start();
    operator = new KubernetesClientBuilder().withConfig(chart.operator()).build();
    vertx = Vertx.vertx();
    QuotaLedger ledger = new QuotaLedger(CLOCK, new Random(1));
    OperatorSettings settings =
        new OperatorSettings(
            null,
            null,
            null,
            null,
            List.of(
                new Tenant(List.of("team-a"), List.of("shop"), List.of("us-*"), null, null, null),
                Tenant.everyone()),
            null,
            null,
            null,
            null,
            null,
            null);
    learn(ledger);
    page =
        new WebPage(
            chart.operator(),
            CLOCK,
            new Gate(
                operator,
                CLOCK,
                new Lead(
                    operator,
                    settings.lease(),
                    Optional.of(InstalledChart.NAMESPACE),
                    Optional.of("operator-a"))),
            new QuotaView(settings, ledger, CLOCK));
    leads("operator-a");
    server =
        new HttpsServer(
            vertx,
            new CertificateSecret(
                operator,
                InstantSource.system(),
                InstalledChart.NAMESPACE,
                new ProgressSettings(
                    null, 0, "fashion-training-operator-progress-tls", List.of("localhost"), null)),
            _ -> {});
    port = server.start(0, List.of(WebPageIT::awayAtTimes, page));
    http = client(server.authority());
    for (String namespace : List.of("team-a", "team-b")) {
      chart.makeNamespace(namespace);
      makeJob(namespace);
    }
    everywhere = account("everywhere");
    teamA = account("team-a-viewer");
    nobody = account("nobody");
    chart
        .admin()
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("everywhere")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", VIEWERS)
                .addNewSubject(null, "ServiceAccount", "everywhere", "team-a")
                .build())
        .create();
    chart
        .admin()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName("viewer")
                .withNamespace("team-a")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", VIEWERS)
                .addNewSubject(null, "ServiceAccount", "team-a-viewer", "team-a")
                .build())
        .create();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
      page.close();
      operator.close();
      vertx.close();
    }
    if (chart != null) {
      chart.close();
    }
  }

  @BeforeEach
  void laterThanTheTestBefore() {
    NOW.updateAndGet(now -> now.plusSeconds(1));
  }

  @Test
  void asksAStrangerToSignIn() throws Exception {
    HttpResponse<String> answer = get("/jobs", "");

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location")).contains("/login");
    assertThat(get("/login", "").body()).contains("Bearer token");
  }

  @Test
  void showsAllJobsToThoseWhoMayListThem() throws Exception {
    HttpResponse<String> answer = get("/jobs", everywhere);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("/namespaces/team-a/jobs/fallen-back", "/namespaces/team-b/jobs/fallen-back");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
  }

  @Test
  void showsANamespacesViewerThatNamespaceAlone() throws Exception {
    HttpResponse<String> all = get("/jobs", teamA);
    assertThat(all.statusCode()).isEqualTo(403);
    assertThat(all.body())
        .contains("cannot list resource", "name=\"namespace\"")
        .doesNotContain("fallen-back");

    HttpResponse<String> own = get("/jobs?namespace=team-a", teamA);
    assertThat(own.statusCode()).isEqualTo(200);
    assertThat(own.body()).contains("/namespaces/team-a/jobs/fallen-back").doesNotContain("team-b");

    assertThat(get("/jobs?namespace=team-b", teamA).statusCode()).isEqualTo(403);
    assertThat(get("/namespaces/team-b/jobs/fallen-back", teamA).statusCode()).isEqualTo(403);
    assertThat(get("/jobs", nobody).statusCode()).isEqualTo(403);
  }

  @Test
  void showsOneJob() throws Exception {
    HttpResponse<String> answer = get("/namespaces/team-a/jobs/fallen-back", teamA);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("QuotaExceeded", "us-west1", "81.23 %", "Confusion matrix", "data-curve");
  }

  @Test
  void saysWhatIsNotThere() throws Exception {
    assertThat(get("/namespaces/team-a/jobs/gone", teamA).statusCode()).isEqualTo(404);
    assertThat(get("/jobs?namespace=..%2Fsecrets", everywhere).statusCode()).isEqualTo(404);
    assertThat(get("/namespaces/team-a/jobs/..%2F..%2Fsecrets", everywhere).statusCode())
        .isEqualTo(404);
  }

  @Test
  void keepsAnAcceptedTokenInASessionThatNoScriptReads() throws Exception {
    HttpResponse<String> refused = login("not-a-token-of-this-cluster");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("does not know this token");
    assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();

    HttpResponse<String> accepted = login(teamA);
    assertThat(accepted.statusCode()).isEqualTo(303);
    String cookie = accepted.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HTTPOnly", "Secure", "SameSite=Strict", "Path=/");

    HttpResponse<String> seen =
        send(
            request("/jobs?namespace=team-a").header("Cookie", cookie.split(";")[0]).GET().build());
    assertThat(seen.statusCode()).isEqualTo(200);

    HttpResponse<String> out =
        send(request("/logout").POST(HttpRequest.BodyPublishers.noBody()).build());
    assertThat(out.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
  }

  @Test
  void showsTheQuotasThatTheNamespaceMayUse() throws Exception {
    HttpResponse<String> all = get("/quota", everywhere);
    assertThat(all.statusCode()).isEqualTo(200);
    assertThat(all.body())
        .contains("us-central1", "europe-west4", "<td>else</td>", "unlimited", "Full", "Open")
        .contains("no job tries for", "n1-standard-4 (machines)");

    HttpResponse<String> own = get("/quota?namespace=team-a", teamA);
    assertThat(own.statusCode()).isEqualTo(200);
    assertThat(own.body())
        .contains("us-central1", "<td>shop</td>")
        .doesNotContain("europe-west4", "<td>else</td>");

    assertThat(get("/quota?namespace=team-b", everywhere).body()).contains("knows no quota");
    assertThat(get("/jobs?namespace=team-a", teamA).body()).contains("/quota?namespace=team-a");
  }

  @Test
  void showsNobodyTheQuotasOfOthers() throws Exception {
    HttpResponse<String> all = get("/quota", teamA);
    assertThat(all.statusCode()).isEqualTo(403);
    assertThat(all.body())
        .contains("may not list fashiontrainingjobs in all namespaces", "action=\"/quota\"")
        .doesNotContain("us-central1");
    assertThat(get("/quota?namespace=team-b", teamA).statusCode()).isEqualTo(403);
    assertThat(get("/quota?namespace=team-a", nobody).statusCode()).isEqualTo(403);
    assertThat(get("/quota?namespace=..%2Fx", everywhere).statusCode()).isEqualTo(404);
    assertThat(get("/quota", "made.up.token").statusCode()).isEqualTo(401);
    assertThat(get("/quota", "").headers().firstValue("Location")).contains("/login");
  }

  @Test
  void namesTheLeaderThatKnowsTheQuotas() throws Exception {
    leads("operator-b");
    try {
      HttpResponse<String> answer = get("/quota", everywhere);

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("this replica does not lead: ask pod operator-b");
      assertThat(get("/jobs", everywhere).statusCode()).as("jobs").isEqualTo(200);
    } finally {
      leads("operator-a");
    }
  }

  @Test
  void oneTokenKeepsNobodyOut() throws Exception {
    for (int request = 0; request < 30; request++) {
      assertThat(get("/jobs", "x").statusCode()).isEqualTo(401);
    }

    HttpResponse<String> more = get("/jobs", "x");
    assertThat(more.statusCode()).isEqualTo(429);
    assertThat(more.headers().firstValue("Retry-After")).contains("1");
    assertThat(login("x").statusCode()).isEqualTo(429);
    assertThat(get("/jobs", everywhere).statusCode()).isEqualTo(200);
  }

  @Test
  void saysThatThereAreMoreJobsThanItShows() throws Exception {
    chart.makeNamespace("crowd");
    IntStream.range(0, 501)
        .parallel()
        .forEach(number -> chart.admin().resource(job("job-" + number, "crowd")).create());

    try {
      String crowd = get("/jobs?namespace=crowd", everywhere).body();

      assertThat(crowd).contains("the first 500 by name", "--namespace crowd");
      assertThat(crowd.split("/namespaces/crowd/jobs/", -1)).hasSize(501);
      assertThat(get("/jobs", everywhere).body())
          .contains("the first 500 by name", "Choose a namespace");
      assertThat(get("/jobs?namespace=team-b", everywhere).body()).doesNotContain("by name");
    } finally {
      chart.admin().resources(FashionTrainingJob.class).inNamespace("crowd").delete();
    }
  }

  @Test
  void refusesAnOversizedForm() throws Exception {
    assertThat(login("x".repeat(20_000)).statusCode()).isEqualTo(413);
  }

  @Test
  void servesWhatItsPagesNeed() throws Exception {
    for (String asset : List.of("page.css", "page.js", "uPlot.min.css", "uPlot.iife.min.js")) {
      assertThat(get("/assets/" + asset, "").statusCode()).as(asset).isEqualTo(200);
    }
    assertThat(get("/assets/../Asset.class", "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "light, 1280, 900, light, false",
    "dark, 1280, 900, dark, false",
    "phone, 390, 844, light, true"
  })
  void opensInABrowser(
      String name, int width, int height, String scheme, boolean phone, @TempDir Path profile)
      throws Exception {
    Optional<String> chromium = Browser.installed();
    assumeTrue(chromium.isPresent(), "CHROMIUM does not name a Chromium: no page is opened.");
    var view = new Browser.View(width, height, scheme, phone);
    try (Browser browser = Browser.start(chromium.get(), profile)) {
      look(browser, "/login", "login-" + name, view);
      browser.headers(Map.of("Authorization", "Bearer " + everywhere));
      look(browser, "/jobs", "jobs-" + name, view);
      look(browser, "/namespaces/team-a/jobs/fallen-back", "job-" + name, view);
      assertThat(browser.evaluate("document.querySelectorAll('.chart canvas').length").intValue())
          .isEqualTo(2);
      look(browser, "/quota", "quota-" + name, view);
    }
  }

  @Test
  void keepsWhatItShowsUntilTheOperatorIsBack(@TempDir Path profile) throws Exception {
    Optional<String> chromium = Browser.installed();
    assumeTrue(chromium.isPresent(), "CHROMIUM does not name a Chromium: no page is opened.");
    chart.makeNamespace("live");
    makeJob("live");
    try (Browser browser = Browser.start(chromium.get(), profile)) {
      browser.headers(Map.of("Authorization", "Bearer " + everywhere));
      browser.open(
          URI.create("https://localhost:%d/namespaces/live/jobs/fallen-back".formatted(port)),
          new Browser.View(1280, 900, "light", false));
      browser.evaluate("window.sameDocument = true");
      AWAY.set(true);
      await().atMost(PATIENCE).until(() -> IN_VAIN.get() > 1);
      await().atMost(PATIENCE).until(() -> text(browser, "#stale").contains("does not answer"));
      assertThat(text(browser, "h1")).contains("fallen-back");

      editStatus(
          "live", status -> status.replace("progressPercentage: 78", "progressPercentage: 93"));
      AWAY.set(false);

      await().atMost(PATIENCE).until(() -> text(browser, "main").contains("93 %"));
      assertThat(text(browser, "#stale")).isEmpty();
      assertThat(browser.evaluate("window.sameDocument === true").asBoolean()).isTrue();
      assertThat(browser.evaluate("document.querySelectorAll('.chart canvas').length").intValue())
          .isEqualTo(2);

      chart
          .admin()
          .resources(FashionTrainingJob.class)
          .inNamespace("live")
          .withName("fallen-back")
          .delete();
      await().atMost(PATIENCE).until(() -> text(browser, "h1").equals("Not there"));
    } finally {
      AWAY.set(false);
    }
  }

  private static String text(Browser browser, String selector) throws Exception {
    return browser
        .evaluate("document.querySelector('%s')?.textContent ?? ''".formatted(selector))
        .asText();
  }

  /** Answers in the page's place, as a proxy does whose operator is away. */
  private static void awayAtTimes(Router router) {
    router
        .get()
        .handler(
            context -> {
              if (AWAY.get()) {
                IN_VAIN.incrementAndGet();
                context.response().setStatusCode(503).end("<h1>Bad gateway</h1>");
              } else {
                context.next();
              }
            });
  }

  /** What one job has found out in each of three regions. */
  private static void learn(QuotaLedger ledger) {
    String metric = "custom_model_training_cpus";
    QuotaScope central = new QuotaScope("shop", "us-central1");
    QuotaScope europe = new QuotaScope("shop", "europe-west4");
    QuotaScope other = new QuotaScope("else", "us-central1");
    ledger.limits(central, Map.of(metric, new Limit.Of(42)));
    ledger.usage(central, metric, OptionalLong.of(17));
    ledger.limits(europe, Map.of(metric, Limit.UNLIMITED));
    ledger.limits(other, Map.of(metric, new Limit.Of(0)));
    QuotaDemand demand =
        QuotaDemand.of("n1-standard-4", 1, Strategy.STANDARD, Optional.empty(), 100);
    AttemptKey first = new AttemptKey("first", 1);
    ledger.admit(first, central, demand);
    ledger.accepted(first);
    AttemptKey second = new AttemptKey("second", 1);
    ledger.admit(second, central, demand);
    ledger.refused(second, List.of());
  }

  private static void leads(String pod) {
    chart
        .admin()
        .resource(
            new LeaseBuilder()
                .withNewMetadata()
                .withName("fashion-training-operator")
                .withNamespace(InstalledChart.NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(pod)
                .endSpec()
                .build())
        .createOr(existing -> existing.update());
  }

  /** Opens a page, and sees that it opens as every page of ours has to. */
  private static void look(Browser browser, String path, String picture, Browser.View view)
      throws Exception {
    String origin = "https://localhost:" + port;
    browser.open(URI.create(origin + path), view);
    browser.screenshot(PICTURES.resolve(picture + ".png"));

    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests())
        .allMatch(url -> url.startsWith(origin + "/") || url.startsWith("data:"));
    assertThat(browser.evaluate("document.documentElement.scrollWidth").intValue())
        .isLessThanOrEqualTo(view.width());
    assertThat(browser.barriers()).isEmpty();
  }

  private static HttpResponse<String> login(String token) throws Exception {
    return send(
        request("/login")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8)))
            .build());
  }

  private static HttpResponse<String> get(String path, String token) throws Exception {
    HttpRequest.Builder request = request(path);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return send(request.GET().build());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return http.send(request, BodyHandlers.ofString());
  }

  /** A service account's token. */
  private static String account(String name) {
    KubernetesClient admin = chart.admin();
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("team-a")
                .endMetadata()
                .build())
        .create();
    return admin
        .serviceAccounts()
        .inNamespace("team-a")
        .withName(name)
        .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
        .getStatus()
        .getToken();
  }

  private static void makeJob(String namespace) {
    chart.admin().resource(job("fallen-back", namespace)).create();
    editStatus(namespace, status -> status);
  }

  private static GenericKubernetesResource job(String name, String namespace) {
    return Serialization.unmarshal(
        """
        apiVersion: training.fashion-mnist.io/v1alpha1
        kind: FashionTrainingJob
        metadata: {name: %s, namespace: %s}
        spec: {}
        """
            .formatted(name, namespace),
        GenericKubernetesResource.class);
  }

  private static void editStatus(String namespace, UnaryOperator<String> edited) {
    chart
        .admin()
        .genericKubernetesResources("training.fashion-mnist.io/v1alpha1", "FashionTrainingJob")
        .inNamespace(namespace)
        .withName("fallen-back")
        .editStatus(
            each -> {
              each.setAdditionalProperty(
                  "status",
                  Serialization.unmarshal(edited.apply(resource("/web/status.yaml")), Map.class));
              return each;
            });
  }

  private static String resource(String name) {
    return new String(Asset.read(name), StandardCharsets.UTF_8);
  }

  private static HttpClient client(String authority) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    store.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(authority.getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }
}
