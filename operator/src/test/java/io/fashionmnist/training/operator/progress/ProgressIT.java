package io.fashionmnist.training.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.apiserver.InstalledChart;
import io.fashionmnist.training.operator.backend.cluster.Labels;
import io.fashionmnist.training.operator.backend.cluster.TrainerJob;
import io.fashionmnist.training.operator.config.OperatorSettings.ProgressSettings;
import io.fashionmnist.training.operator.https.Certificate;
import io.fashionmnist.training.operator.https.CertificateSecret;
import io.fashionmnist.training.operator.https.HttpsServer;
import io.fashionmnist.training.operator.metric.ProgressPosts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Trainers' posts, by HTTPS, with real tokens and the chart's rights. */
@Timeout(120)
class ProgressIT {
  private static final ProgressSettings SETTINGS =
      new ProgressSettings(
          "https://localhost",
          0,
          "fashion-training-operator-progress-tls",
          List.of("localhost"),
          null);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static InstalledChart chart;
  private static KubernetesClient admin;
  private static KubernetesClient operator;
  private static Vertx vertx;
  private static HttpsServer server;
  private static ProgressRoute route;
  private static int port;
  private static HttpClient http;
  private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.now());
  private static final InstantSource CLOCK = NOW::get;

  private String namespace;
  private Pod pod;
  private String token;

  @BeforeAll
  static void serve() throws Exception {
    chart = InstalledChart.start();
    admin = chart.admin();
    operator = new KubernetesClientBuilder().withConfig(chart.operator()).build();
    vertx = Vertx.vertx();
    route = new ProgressRoute(operator, CLOCK, new ProgressPosts(new SimpleMeterRegistry()));
    server = new HttpsServer(vertx, secret(SETTINGS), _ -> {});
    port = server.start(0, List.of(route));
    http = client(server.authority());
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
      route.close();
      operator.close();
      vertx.close();
    }
    if (chart != null) {
      chart.close();
    }
  }

  @BeforeEach
  void runAJob(TestInfo test) {
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase();
    chart.makeNamespace(namespace);
    // The rate is of no interest but where it is asked for.
    NOW.updateAndGet(now -> now.plus(Duration.ofMinutes(5)));
    makeJob("job", 1);
    pod = makePod("job-pod", labels("job", 1));
    token = chart.token(pod, TrainerJob.AUDIENCE);
  }

  @Test
  void writesTheReportIntoTheStatusAsItsOwner() throws Exception {
    assertThat(post(token, report(1)).statusCode()).isEqualTo(204);

    FashionTrainingJob job = job();
    assertThat(job.currentStatus().training().progressPercentage()).isEqualTo(40);
    assertThat(job.getMetadata().getManagedFields())
        .filteredOn(each -> each.getManager().equals("fashion-training-progress"))
        .singleElement()
        .satisfies(
            each ->
                assertThat(String.valueOf(each.getFieldsV1()))
                    .contains("f:training")
                    .doesNotContain("f:phase"));
  }

  /** What is told of a post that can't be written is found among the attempt's lines. */
  @Test
  void logsUnderTheJobsKeys() throws Exception {
    setStatus(
        "job",
        Map.of(
            "activeAttempt",
            1,
            "attempts",
            List.of(
                Map.of(
                    "number", 1, "placement", "here", "backend", "Cluster", "state", "Running"))));

    Answer answer =
        new ProgressReceiver(operator, CLOCK)
            .receive(
                namespace, "job", "Bearer " + token, report(1).getBytes(StandardCharsets.UTF_8));

    assertThat(answer.taken()).as(answer.message()).isTrue();
    assertThat(MDC.getMap())
        .containsEntry("namespace", namespace)
        .containsEntry("job", "job")
        .containsEntry("uid", job().getMetadata().getUid())
        .containsEntry("attempt", 1)
        .containsEntry("placement", "here");
    MDC.clear();
  }

  @Test
  void writesTheSameReportOnce() throws Exception {
    post(token, report(1));
    String version = job().getMetadata().getResourceVersion();

    assertThat(post(token, report(1)).statusCode()).isEqualTo(204);

    assertThat(job().getMetadata().getResourceVersion()).isEqualTo(version);
  }

  @Test
  void takesNobodyWithoutAToken() throws Exception {
    assertRefused(401, "send the pod's token", send("POST", path("job"), "", report(1)));
    assertRefused(401, "send the pod's token", send("POST", path("job"), "Basic eDp5", report(1)));
  }

  @Test
  void takesNoMadeUpToken() throws Exception {
    assertRefused(401, "not a running pod's", post("made.up.token", report(1)));
  }

  @Test
  void takesNoTokenForAnotherAudience() throws Exception {
    String other = chart.token(pod, "https://kubernetes.default.svc.cluster.local");

    assertRefused(401, "for this audience", post(other, report(1)));
  }

  @Test
  void takesNoTokenOfAnotherPod() throws Exception {
    Pod other = makePod("other", Map.of("app", "other"));

    assertRefused(403, "does not belong", post(chart.token(other, TrainerJob.AUDIENCE), report(1)));
  }

  @Test
  void takesNoTokenOfAnotherJobsPod() throws Exception {
    makeJob("other-job", 1);
    Pod other = makePod("other-job-pod", labels("other-job", 1));

    assertRefused(403, "does not belong", post(chart.token(other, TrainerJob.AUDIENCE), report(1)));
  }

  @Test
  void takesNoTokenOfAnotherNamespace() throws Exception {
    String elsewhere = namespace + "-elsewhere";
    chart.makeNamespace(elsewhere);
    Pod other = makePod(elsewhere, "job-pod", labels("job", 1));

    assertRefused(
        403, "another namespace", post(chart.token(other, TrainerJob.AUDIENCE), report(1)));
  }

  @Test
  void takesNothingFromAnEarlierAttempt() throws Exception {
    setActive("job", 2);

    assertRefused(409, "attempt 1 is not the live one", post(token, report(1)));
  }

  @Test
  void takesNothingOnceTheJobIsOver() throws Exception {
    setActive("job", null);

    assertRefused(409, "attempt 1 is not the live one", post(token, report(1)));
  }

  @Test
  void knowsNoOtherJob() throws Exception {
    assertRefused(
        404, "no FashionTrainingJob nobody", send("POST", path("nobody"), bearer(), report(1)));
  }

  @Test
  void takesNoReportOfAnotherAttempt() throws Exception {
    assertRefused(400, "of attempt 3, the pod of 1", post(token, report(3)));
  }

  @Test
  void takesNothingMalformed() throws Exception {
    assertRefused(400, "no training report", post(token, "{\"epoch\": "));
    assertRefused(400, "no training report", post(token, "{\"epoch\": \"many\"}"));
    assertRefused(400, "no training report", post(token, "null"));
  }

  @Test
  void takesNothingTooLarge() throws Exception {
    assertRefused(413, "at most 65536 bytes", post(token, " ".repeat(65_537)));
  }

  @Test
  void takesThreeAtOnceAndThenOneEveryTwoSeconds() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(post(token, report(1)).statusCode()).isEqualTo(204);
    }
    HttpResponse<String> refused = post(token, report(1));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("at most one post every 2 s");

    NOW.updateAndGet(now -> now.plusSeconds(2));

    assertThat(post(token, report(1)).statusCode()).isEqualTo(204);
    assertThat(post(token, report(1)).statusCode()).isEqualTo(429);
  }

  @Test
  void madeUpTokensCostTheApiServerLittle() throws Exception {
    assertThat(post(token, report(1)).statusCode()).isEqualTo(204);
    assertThat(post("made.up.1", report(1)).statusCode()).isEqualTo(401);
    assertThat(post("made.up.2", report(1)).statusCode()).isEqualTo(401);

    for (int other = 3; other < 50; other++) {
      HttpResponse<String> refused = post("made.up." + other, report(1));
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("too many tokens");
    }
    assertThat(post(token, report(1)).statusCode()).as("one that is known").isEqualTo(204);
  }

  @Test
  void madeUpTokensForAJobDoNotMuteItsOwn() throws Exception {
    assertThat(post(token, report(1)).statusCode()).isEqualTo(204);
    NOW.updateAndGet(now -> now.plus(Duration.ofMinutes(2)));

    assertThat(refusedMadeUpTokens(_ -> "job")).isEqualTo(997);
    assertThat(post(token, report(1)).statusCode()).isEqualTo(204);
  }

  @Test
  void madeUpTokensForAllJobsDoNotMuteOne() throws Exception {
    assertThat(post(token, report(1)).statusCode()).isEqualTo(204);
    NOW.updateAndGet(now -> now.plus(Duration.ofMinutes(2)));

    assertThat(refusedMadeUpTokens("job-%d"::formatted)).isEqualTo(800);
    assertThat(post(token, report(1)).statusCode()).isEqualTo(204);
  }

  /** Of a thousand made-up tokens those that the API server was not asked about. */
  private int refusedMadeUpTokens(IntFunction<String> job) throws Exception {
    int refused = 0;
    for (int number = 0; number < 1_000; number++) {
      HttpResponse<String> answer =
          send("POST", path(job.apply(number)), "Bearer made.up." + number, report(1));
      refused += answer.statusCode() == 429 ? 1 : 0;
    }
    return refused;
  }

  /** What a token may do ends with its pod: at once by the pod itself, then by the review. */
  @Test
  void takesNothingOnceThePodIsGone() throws Exception {
    assertThat(post(token, report(1)).statusCode()).isEqualTo(204);
    FashionTrainingJob before = job();
    admin.resource(pod).withGracePeriod(0).delete();

    HttpResponse<String> known = post(token, "{\"attempt\": 1, \"epoch\": 3}");
    assertThat(known.statusCode()).as(known.body()).isEqualTo(403);
    assertThat(known.body()).contains("the token's pod is gone");

    // The API server itself remembers for ten seconds what it has found of a token.
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              NOW.updateAndGet(now -> now.plusSeconds(61));
              HttpResponse<String> reviewed = post(token, "{\"attempt\": 1, \"epoch\": 3}");
              assertThat(reviewed.statusCode()).as(reviewed.body()).isEqualTo(401);
            });
    assertThat(job().getMetadata().getResourceVersion())
        .isEqualTo(before.getMetadata().getResourceVersion());
  }

  /** Such as a newer one, which asks for more than the operator's own. */
  @Test
  void takesNothingThatTheDefinitionRefuses() {
    var definition =
        admin
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName("fashiontrainingjobs.training.fashion-mnist.io");
    var installed = definition.get().getSpec();
    definition.edit(
        each -> {
          each.getSpec()
              .getVersions()
              .getFirst()
              .getSchema()
              .getOpenAPIV3Schema()
              .getProperties()
              .get("status")
              .getProperties()
              .get("training")
              .getProperties()
              .get("progressPercentage")
              .setMaximum(100.0);
          return each;
        });
    AtomicInteger progress = new AtomicInteger(100);
    try {
      await()
          .untilAsserted(
              () -> {
                NOW.updateAndGet(now -> now.plusSeconds(2));
                HttpResponse<String> refused =
                    post(
                        token,
                        "{\"attempt\": 1, \"progressPercentage\": %d}"
                            .formatted(progress.incrementAndGet()));
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
                assertThat(refused.body()).contains("the report is refused: ", "status.training");
              });
      assertThat(
              Optional.ofNullable(job().currentStatus().training())
                  .map(TrainingReport::progressPercentage))
          .isNotEqualTo(Optional.of(progress.get()));
    } finally {
      definition.edit(
          each -> {
            each.setSpec(installed);
            return each;
          });
    }
  }

  @Test
  void leavesOutWhatIsNoNumber() throws Exception {
    HttpResponse<String> taken =
        post(
            token,
            "{\"attempt\": 1, \"metrics\": {\"last\": {\"epoch\": 1, \"learningRate\": 1e999}}}");

    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(204);
    assertThat(job().currentStatus().training().metrics().last().epoch()).isEqualTo(1);
    assertThat(job().currentStatus().training().metrics().last().learningRate()).isNull();
  }

  @Test
  void triesAgainWhenSomeoneElseWroteInBetween() throws Exception {
    Answer answer = receiveWhileOthersWrite(3);

    assertThat(answer.status()).as(answer.message()).isEqualTo(204);
    assertThat(job().currentStatus().training().progressPercentage()).isEqualTo(40);
  }

  @Test
  void leavesItToTheNextPostWhenOthersWriteAgainAndAgain() throws Exception {
    Answer answer = receiveWhileOthersWrite(4);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.message()).contains("try again");
    assertThat(job().currentStatus().training()).isNull();
  }

  /** The job is changed after it was read and before the report is written, so many times. */
  private Answer receiveWhileOthersWrite(int times) throws Exception {
    AtomicInteger writes = new AtomicInteger();
    Interceptor others =
        new Interceptor() {
          @Override
          public void before(
              BasicBuilder builder,
              io.fabric8.kubernetes.client.http.HttpRequest request,
              RequestTags tags) {
            if (request.method().equals("PATCH") && writes.incrementAndGet() <= times) {
              admin
                  .resources(FashionTrainingJob.class)
                  .inNamespace(namespace)
                  .withName("job")
                  .patch(
                      PatchContext.of(PatchType.JSON_MERGE),
                      "{\"metadata\": {\"annotations\": {\"writes\": \"%d\"}}}"
                          .formatted(writes.get()));
            }
          }
        };
    try (KubernetesClient interrupted =
        new KubernetesClientBuilder()
            .withConfig(chart.operator())
            .withHttpClientBuilderConsumer(
                builder -> builder.addOrReplaceInterceptor("others", others))
            .build()) {
      return new ProgressReceiver(interrupted, CLOCK)
          .receive(namespace, "job", bearer(), report(1).getBytes(StandardCharsets.UTF_8));
    } finally {
      MDC.clear();
    }
  }

  /** However fast epochs end: what is posted too soon the next post makes up for. */
  @Test
  void metricsAreInTheStatusWithinFiveSecondsOfTheirEpochsEnd() throws Exception {
    Duration epoch = Duration.ofMillis(500);
    Map<Integer, Instant> ends = new HashMap<>();
    for (int number = 1; number <= 40; number++) {
      ends.put(number, NOW.updateAndGet(now -> now.plus(epoch)));
      Instant before = Instant.now();
      post(token, "{\"attempt\": 1, \"epoch\": %d, \"epochs\": 50}".formatted(number));
      int shown =
          Optional.ofNullable(job().currentStatus().training())
              .map(TrainingReport::epoch)
              .orElse(0);
      Duration took = Duration.between(before, Instant.now());
      Instant now = NOW.get();
      assertThat(ends.entrySet().stream().filter(each -> each.getKey() > shown))
          .as("epochs that the status does not show yet, though it is time")
          .noneMatch(each -> each.getValue().plusSeconds(5).minus(took).isBefore(now));
    }
  }

  @Test
  void offersNothingElse() throws Exception {
    assertThat(send("GET", path("job"), bearer(), "").statusCode()).isEqualTo(405);
    assertThat(send("POST", "/", bearer(), report(1)).statusCode()).isEqualTo(404);
  }

  @Test
  void keepsItsCertificateAndAuthorityOverARestart() {
    Certificate first = secret(SETTINGS).current();

    assertThat(secret(SETTINGS).current()).isEqualTo(first);
  }

  @Test
  void renewsTheServersCertificateBeforeItEndsAndKeepsTheAuthority() throws Exception {
    Certificate first = secret(SETTINGS).current();
    NOW.updateAndGet(now -> now.plus(Duration.ofDays(300)));

    Certificate second = secret(SETTINGS).current();

    assertThat(second.authority()).isEqualTo(first.authority());
    assertThat(second.chain()).isNotEqualTo(first.chain());
    assertThat(second.renewAt()).isAfter(first.renewAt());
  }

  @Test
  void takesUpARenewedCertificateWhichIsWhole() throws Exception {
    // Whoever trusts it has no clock that is set.
    InstantSource clock = InstantSource.system();
    Certificate first = adminsSecret("renewed-tls", null, clock).current();
    Certificate second = adminsSecret("other-tls", null, clock).current();
    Map<String, String> renewed = data("other-tls");
    AtomicInteger reads = new AtomicInteger();
    InstantSource counting =
        () -> {
          reads.incrementAndGet();
          return clock.instant();
        };
    List<String> told = new CopyOnWriteArrayList<>();
    try (HttpsServer serving =
        new HttpsServer(
            vertx,
            adminsSecret("renewed-tls", "External", counting),
            told::add,
            Duration.ofMillis(200))) {
      int at = serving.start(0, List.of());
      assertThat(served(at, first.authority())).isEqualTo(x509(first.chain()));

      Map<String, String> broken = new HashMap<>(renewed);
      broken.put("tls.key", renewed.get("ca.crt"));
      replace("renewed-tls", broken);
      int before = reads.get();
      await().until(() -> reads.get() > before + 2);
      assertThat(served(at, first.authority())).isEqualTo(x509(first.chain()));
      assertThat(told).containsExactly(first.authority());

      replace("renewed-tls", renewed);
      await().untilAsserted(() -> assertThat(told).endsWith(second.authority()));
      assertThat(served(at, second.authority())).isEqualTo(x509(second.chain()));
      assertThat(serving.authority()).isEqualTo(second.authority());
    }
  }

  /** Of any name: the operator may read its own alone. */
  private static CertificateSecret adminsSecret(String name, String issued, InstantSource clock) {
    return new CertificateSecret(
        admin,
        clock,
        InstalledChart.NAMESPACE,
        new ProgressSettings(null, 0, name, SETTINGS.dnsNames(), issued));
  }

  private static Map<String, String> data(String secret) {
    return admin.secrets().inNamespace(InstalledChart.NAMESPACE).withName(secret).get().getData();
  }

  private static void replace(String secret, Map<String, String> data) {
    admin
        .secrets()
        .inNamespace(InstalledChart.NAMESPACE)
        .withName(secret)
        .edit(
            each -> {
              each.setData(data);
              return each;
            });
  }

  /** What who trusts the authority is shown. */
  private static java.security.cert.Certificate served(int port, String authority)
      throws Exception {
    try (HttpClient fresh = client(authority)) {
      return fresh
          .send(
              HttpRequest.newBuilder(URI.create("https://localhost:" + port)).build(),
              HttpResponse.BodyHandlers.discarding())
          .sslSession()
          .orElseThrow()
          .getPeerCertificates()[0];
    }
  }

  @Test
  void saysWhatIsWrongWithSomeoneElsesSecret() {
    ProgressSettings external =
        new ProgressSettings(null, 0, SETTINGS.secret(), SETTINGS.dnsNames(), "External");
    Secret kept =
        admin.secrets().inNamespace(InstalledChart.NAMESPACE).withName(SETTINGS.secret()).get();
    admin
        .secrets()
        .inNamespace(InstalledChart.NAMESPACE)
        .withName(SETTINGS.secret())
        .edit(
            secret -> {
              secret.getData().remove("ca.crt");
              return secret;
            });
    try {
      assertThat(catchThrowable(() -> secret(external).current()))
          .hasMessageContaining("can't be served with: it has no ca.crt");
    } finally {
      kept.getMetadata().setResourceVersion(null);
      admin.resource(kept).update();
    }
  }

  private static CertificateSecret secret(ProgressSettings settings) {
    return new CertificateSecret(operator, CLOCK, InstalledChart.NAMESPACE, settings);
  }

  /** Refused with this, and nothing written. */
  private void assertRefused(int code, String message, HttpResponse<String> answer)
      throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code);
    assertThat(JSON.readTree(answer.body()).path("message").asText()).contains(message);
    assertThat(job().currentStatus().training()).isNull();
  }

  private HttpResponse<String> post(String bearer, String body) throws Exception {
    return send("POST", path("job"), "Bearer " + bearer, body);
  }

  private HttpResponse<String> send(String method, String path, String authorization, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://localhost:%d%s".formatted(port, path)))
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private String bearer() {
    return "Bearer " + token;
  }

  private String path(String job) {
    return "/v1/namespaces/%s/jobs/%s/progress".formatted(namespace, job);
  }

  private static String report(int attempt) throws Exception {
    return JSON.writeValueAsString(
        new TrainingReport(attempt, 2, 5, 40, 60L, null, null, null, null, "2026-01-02T03:04:05Z"));
  }

  private FashionTrainingJob job() {
    return admin.resources(FashionTrainingJob.class).inNamespace(namespace).withName("job").get();
  }

  private void makeJob(String name, Integer active) {
    admin
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: training.fashion-mnist.io/v1alpha1
                kind: FashionTrainingJob
                metadata: {name: %s, namespace: %s}
                spec: {}
                """
                    .formatted(name, namespace),
                GenericKubernetesResource.class))
        .create();
    setActive(name, active);
  }

  private void setActive(String name, Integer active) {
    setStatus(name, active == null ? Map.of() : Map.of("activeAttempt", active));
  }

  private void setStatus(String name, Map<String, Object> status) {
    var job =
        admin
            .genericKubernetesResources("training.fashion-mnist.io/v1alpha1", "FashionTrainingJob")
            .inNamespace(namespace)
            .withName(name);
    job.editStatus(
        each -> {
          each.setAdditionalProperty("status", status);
          return each;
        });
  }

  private Map<String, String> labels(String job, int attempt) {
    return Labels.of(
        "fashion-training",
        admin
            .resources(FashionTrainingJob.class)
            .inNamespace(namespace)
            .withName(job)
            .get()
            .getMetadata(),
        attempt);
  }

  private Pod makePod(String name, Map<String, String> labels) {
    return makePod(namespace, name, labels);
  }

  private static Pod makePod(String namespace, String name, Map<String, String> labels) {
    return admin
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName("default")
                .addNewContainer()
                .withName("trainer")
                .withImage("x")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  private static HttpClient client(String authority) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    store.setCertificateEntry("ca", x509(authority));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static java.security.cert.Certificate x509(String pem) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }
}
