package io.fashionmnist.training.operator.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.operator.apiserver.InstalledChart;
import io.fashionmnist.training.operator.config.OperatorSettings.ProgressSettings;
import io.fashionmnist.training.operator.https.CertificateSecret;
import io.fashionmnist.training.operator.https.HttpsServer;
import io.fashionmnist.training.testing.Browser;
import io.vertx.core.Vertx;
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
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page on a real API server: who sees what. */
@Timeout(120)
class WebPageIT {
  private static final String VIEWERS = "fashion-training-operator-view";
  private static final Path PICTURES = Path.of("target/web-page");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:05:00Z"));

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
    page = new WebPage(chart.operator(), CLOCK);
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
    port = server.start(0, List.of(page));
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
    }
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
    var job =
        Serialization.unmarshal(
            """
            apiVersion: training.fashion-mnist.io/v1alpha1
            kind: FashionTrainingJob
            metadata: {name: fallen-back, namespace: %s}
            spec: {}
            """
                .formatted(namespace),
            GenericKubernetesResource.class);
    chart.admin().resource(job).create();
    chart
        .admin()
        .genericKubernetesResources("training.fashion-mnist.io/v1alpha1", "FashionTrainingJob")
        .inNamespace(namespace)
        .withName("fallen-back")
        .editStatus(
            each -> {
              each.setAdditionalProperty(
                  "status", Serialization.unmarshal(resource("/web/status.yaml"), Map.class));
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
