package io.fashionmnist.training.operator.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fashionmnist.training.operator.apiserver.InstalledChart;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.backend.cluster.ClusterBackend;
import io.fashionmnist.training.operator.backend.vertex.VertexConnection;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.OperatorSettings.ProgressSettings;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.fashionmnist.training.operator.quota.Limit;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import io.fashionmnist.training.operator.quota.QuotaScope;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Who may ask what, with real tokens and the chart's rights. */
@Timeout(120)
class ReadApiIT {
  private static final String JOB =
      """
      apiVersion: training.fashion-mnist.io/v1alpha1
      kind: FashionTrainingJob
      metadata: {name: job}
      spec:
        output: {uri: pvc://claim/runs}
        placements: [{name: here, cluster: {}}]
      """;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.now());
  private static final InstantSource CLOCK = NOW::get;

  private static InstalledChart chart;
  private static KubernetesClient admin;
  private static KubernetesClient operator;
  private static Vertx vertx;
  private static VertexConnection vertex;
  private static ReadApi api;
  private static int port;
  private static QuotaLedger ledger;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private String namespace;

  @BeforeAll
  static void serve() {
    chart = InstalledChart.start();
    admin = chart.admin();
    operator = new KubernetesClientBuilder().withConfig(chart.operator()).build();
    vertx = Vertx.vertx();
    ledger = new QuotaLedger(CLOCK, new Random(1));
    OperatorSettings settings =
        new OperatorSettings(
            null,
            null,
            null,
            null,
            List.of(
                new Tenant(List.of("tells*"), List.of("shop"), List.of("us-*"), null, null, null),
                Tenant.everyone()),
            new ProgressSettings("https://localhost", 0, null, List.of("localhost"), null),
            null,
            null,
            null,
            null,
            null);
    vertex =
        new VertexConnection(
            settings,
            "test",
            operator,
            ledger,
            new OutboundCalls(new SimpleMeterRegistry()),
            CLOCK,
            new Random(1));
    Backends backends =
        new Backends(
            new ClusterBackend(settings, operator, InstantSource.system(), Optional::empty),
            vertex.backend());
    api =
        new ReadApi(
            settings,
            CLOCK,
            backends,
            new Gate(
                operator,
                CLOCK,
                new Lead(
                    operator,
                    settings.lease(),
                    Optional.of(InstalledChart.NAMESPACE),
                    Optional.of("operator-a"))),
            new QuotaView(settings, ledger, CLOCK));
    Router router = Router.router(vertx);
    api.addTo(router);
    // By HTTP: the certificate is the server's affair, and tested there.
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    port = server.actualPort();
    leads("operator-a");
  }

  @AfterAll
  static void stop() {
    if (api != null) {
      api.close();
      vertex.close();
      operator.close();
      vertx.close();
    }
    if (chart != null) {
      chart.close();
    }
  }

  @BeforeEach
  void makeNamespace(TestInfo test) {
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase();
    chart.makeNamespace(namespace);
    NOW.updateAndGet(now -> now.plus(Duration.ofMinutes(5)));
    leads("operator-a");
  }

  @Test
  void plansForWhoMayMakeJobs() throws Exception {
    String token = account("anna", "fashion-training-operator-edit");

    JsonNode plan = expect(200, plan(token, namespace, JOB));

    assertThat(plan.get("startsOn").asText()).isEqualTo("here");
    assertThat(plan.at("/placements/0/outlook").asText()).isEqualTo("Open");
  }

  @Test
  void plansForNobodyElse() throws Exception {
    String token = account("viewer", "fashion-training-operator-view");

    JsonNode refusal = expect(403, plan(token, namespace, JOB));

    assertThat(refusal.get("message").asText())
        .isEqualTo(
            ("system:serviceaccount:%s:viewer may not create fashiontrainingjobs in namespace %s,"
                    + " nor create fashiontrainingjobs/plan in namespace %s")
                .formatted(namespace, namespace, namespace));
  }

  @Test
  void aRightInOneNamespaceIsNoneInAnother() throws Exception {
    String token = account("anna", "fashion-training-operator-edit");
    chart.makeNamespace(namespace + "-other");

    expect(403, plan(token, namespace + "-other", JOB));
  }

  @Test
  void knowsNoMadeUpToken() throws Exception {
    assertThat(expect(401, plan("made.up.token", namespace, JOB)).get("message").asText())
        .isEqualTo("the cluster does not know this token");
    assertThat(expect(401, ask("GET", "/v1/quota", Optional.empty(), "")).get("message").asText())
        .startsWith("send a token of the cluster");
  }

  /** Whoever runs in a trainer's pod can't ask with what that reports with. */
  @Test
  void takesNoTokenThatIsForProgress() throws Exception {
    account("anna", "fashion-training-operator-edit");

    expect(401, plan(token("anna", namespace, "fashion-training-operator"), namespace, JOB));
  }

  @Test
  void theReaderPlansAndSeesQuotasAndDoesNothingElse() throws Exception {
    String token =
        token("fashion-training-operator-reader", InstalledChart.NAMESPACE, Callers.AUDIENCE);

    expect(200, plan(token, namespace, JOB));
    expect(200, get(token, "/v1/quota"));
    String forTheServer =
        admin
            .serviceAccounts()
            .inNamespace(InstalledChart.NAMESPACE)
            .withName("fashion-training-operator-reader")
            .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
            .getStatus()
            .getToken();
    var config = chart.operator();
    config.setOauthToken(forTheServer);
    try (KubernetesClient reader = new KubernetesClientBuilder().withConfig(config).build()) {
      for (String verb : List.of("get", "list", "create", "delete", "update")) {
        var review =
            new io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withNewResourceAttributes()
                .withGroup("training.fashion-mnist.io")
                .withResource("fashiontrainingjobs")
                .withVerb(verb)
                .endResourceAttributes()
                .endSpec()
                .build();
        assertThat(reader.resource(review).create().getStatus().getAllowed()).as(verb).isFalse();
      }
    }
  }

  @Test
  void tellsOfTheQuotasThatTheNamespaceMayUse() throws Exception {
    ledger.limits(
        new QuotaScope("shop", "us-central1"),
        Map.of("custom_model_training_cpus", new Limit.Of(42)));
    ledger.limits(
        new QuotaScope("shop", "europe-west4"),
        Map.of("custom_model_training_cpus", Limit.UNLIMITED));
    ledger.limits(
        new QuotaScope("else", "us-central1"),
        Map.of("custom_model_training_cpus", new Limit.Of(1)));
    String token = account("viewer", "fashion-training-operator-view");

    JsonNode own = expect(200, get(token, "/v1/namespaces/%s/quota".formatted(namespace)));

    assertThat(own.get("quotas")).hasSize(1);
    assertThat(own.at("/quotas/0/project").asText()).isEqualTo("shop");
    assertThat(own.at("/quotas/0/region").asText()).isEqualTo("us-central1");
    assertThat(own.at("/quotas/0/amounts/limit").asLong()).isEqualTo(42);
    expect(403, get(token, "/v1/quota"));
    String everywhere =
        token("fashion-training-operator-reader", InstalledChart.NAMESPACE, Callers.AUDIENCE);
    assertThat(expect(200, get(everywhere, "/v1/quota")).get("quotas")).hasSize(3);
  }

  @Test
  void namesTheLeaderWhereItDoesNotLead() throws Exception {
    String token = account("anna", "fashion-training-operator-edit");
    leads("operator-b");

    JsonNode refusal = expect(503, plan(token, namespace, JOB));

    assertThat(refusal.get("leader").asText()).isEqualTo("operator-b");
    leads("");
    assertThat(expect(503, plan(token, namespace, JOB)).has("leader")).isFalse();
  }

  @Test
  void saysWhatIsWrongWithTheJob() throws Exception {
    String token = account("anna", "fashion-training-operator-edit");

    assertThat(message(400, plan(token, namespace, "not a job")))
        .isEqualTo("the body must be one FashionTrainingJob with a spec");
    assertThat(message(400, plan(token, namespace, JOB.replace("cluster: {}", "vertex: []"))))
        .startsWith("the body is no FashionTrainingJob: ");
    assertThat(message(400, plan(token, namespace, "{kind: Pod, spec: {}}")))
        .isEqualTo("the body must be one FashionTrainingJob with a spec");
    assertThat(message(400, plan(token, namespace, JOB.replace("cluster: {}", ""))))
        .contains("here must have exactly one of vertex and cluster");
    assertThat(
            message(400, plan(token, namespace, JOB.replace("{name: job}", "{namespace: other}"))))
        .isEqualTo("the job is of namespace other, the question of " + namespace);
    assertThat(message(413, plan(token, namespace, "#".repeat(300_000)))).contains("262144");
  }

  @Test
  void answersTenAtOnceAndThenTwoASecond() throws Exception {
    String token = account("anna", "fashion-training-operator-edit");
    for (int question = 0; question < 10; question++) {
      expect(200, plan(token, namespace, JOB));
    }

    expect(429, plan(token, namespace, JOB));
    NOW.updateAndGet(now -> now.plusMillis(600));
    expect(200, plan(token, namespace, JOB));
  }

  private static void leads(String pod) {
    admin
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

  /** Makes an account with a role in the test's namespace, and gives its token. */
  private String account(String name, String role) {
    admin
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .build())
        .create();
    admin
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .addNewSubject(null, "ServiceAccount", name, namespace)
                .build())
        .create();
    return admin
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(name)
        .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
        .getStatus()
        .getToken();
  }

  private static String token(String account, String in, String audience) {
    return admin
        .serviceAccounts()
        .inNamespace(in)
        .withName(account)
        .tokenRequest(
            new TokenRequestBuilder().withNewSpec().withAudiences(audience).endSpec().build())
        .getStatus()
        .getToken();
  }

  private static HttpResponse<String> plan(String token, String in, String body)
      throws IOException, InterruptedException {
    return ask("POST", "/v1/namespaces/%s/plan".formatted(in), Optional.of(token), body);
  }

  private static HttpResponse<String> get(String token, String path)
      throws IOException, InterruptedException {
    return ask("GET", path, Optional.of(token), "");
  }

  private static HttpResponse<String> ask(
      String method, String path, Optional<String> token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(port, path)))
            .method(method, BodyPublishers.ofString(body));
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static String message(int status, HttpResponse<String> response) throws IOException {
    return expect(status, response).get("message").asText();
  }

  private static JsonNode expect(int status, HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }
}
