package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.testing.Browser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page, where the settings ask for it, of the operator as it is deployed. */
@Timeout(300)
class WebIT {
  private static final String NAMESPACE = "watched";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static InstalledChart chart;
  private static KubernetesClient admin;
  private static String viewer;

  @BeforeAll
  static void install() {
    chart = InstalledChart.start();
    admin = chart.admin();
    chart.makeNamespace(NAMESPACE);
    admin
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName("viewer")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewRoleRef(
                    "rbac.authorization.k8s.io", "ClusterRole", "fashion-training-operator-view")
                .addNewSubject(null, "ServiceAccount", "default", NAMESPACE)
                .build())
        .create();
    viewer =
        admin
            .serviceAccounts()
            .inNamespace(NAMESPACE)
            .withName("default")
            .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
            .getStatus()
            .getToken();
  }

  @AfterAll
  static void uninstall() {
    if (chart != null) {
      chart.close();
    }
  }

  @Test
  void isNotThereUnlessItIsAskedFor() throws IOException {
    try (OperatorProcess operator =
        OperatorProcess.start("plain", chart, chart.settings()).ready()) {
      for (String path : new String[] {"/jobs", "/quota", "/login", "/assets/page.js"}) {
        assertThat(status(operator, path)).as(path).isEqualTo(404);
      }
    }
  }

  @Test
  void showsAJobsEpochsAsTheyCome(@TempDir Path profile) throws Exception {
    Optional<String> chromium = Browser.installed();
    assumeTrue(chromium.isPresent(), "CHROMIUM does not name a Chromium: no page is opened.");
    try (OperatorProcess operator = OperatorProcess.start("web", chart, withThePage()).ready();
        var _ = NodeStandIn.start(admin, NAMESPACE, Duration.ofHours(1));
        Browser browser = Browser.start(chromium.get(), profile)) {
      createJob();
      await().atMost(PATIENCE).until(() -> job().currentStatus().phase() == Phase.RUNNING);
      assertThat(status(operator, "/jobs?namespace=" + NAMESPACE)).isEqualTo(200);
      assertThat(status(operator, "/quota?namespace=" + NAMESPACE)).isEqualTo(200);
      epochs(
          "{epoch: 1, loss: 1.05, accuracy: 0.62, validationLoss: 0.71, validationAccuracy: 0.73}");
      browser.headers(Map.of("Authorization", "Bearer " + viewer));
      browser.open(
          URI.create(
              "https://localhost:%d/namespaces/%s/jobs/job"
                  .formatted(operator.progressPort(), NAMESPACE)),
          new Browser.View(1280, 900, "light", false));
      assertThat(text(browser)).contains("73.00 %").doesNotContain("81.23 %");
      browser.evaluate("window.sameDocument = true");

      epochs(
          "{epoch: 1, loss: 1.05, accuracy: 0.62, validationLoss: 0.71, validationAccuracy: 0.73},"
              + " {epoch: 2, loss: 0.61, accuracy: 0.77, validationLoss: 0.52, validationAccuracy:"
              + " 0.8123}");

      await().atMost(PATIENCE).until(() -> text(browser).contains("81.23 %"));
      assertThat(text(browser)).contains("2 of 4");
      assertThat(
              browser
                  .evaluate(
                      "JSON.parse(document.querySelector('[data-curve]').dataset.curve).length")
                  .intValue())
          .isEqualTo(2);
      assertThat(browser.evaluate("window.sameDocument === true").asBoolean())
          .as("without being loaded again")
          .isTrue();
    }
  }

  private static String withThePage() {
    return chart.settings().replaceFirst("(?m)^web:(\\n  .*)*", "web: {enabled: true}");
  }

  private static String text(Browser browser) throws Exception {
    return browser.evaluate("document.querySelector('main').textContent").asText();
  }

  private static int status(OperatorProcess operator, String path) throws IOException {
    HttpsURLConnection connection =
        TrustsAll.open(
            URI.create("https://localhost:%d%s".formatted(operator.progressPort(), path)));
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Authorization", "Bearer " + viewer);
    return connection.getResponseCode();
  }

  private static void createJob() {
    admin
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: training.fashion-mnist.io/v1alpha1
                kind: FashionTrainingJob
                metadata: {name: job, namespace: %s}
                spec: {output: {uri: gs://bucket/runs}}
                """
                    .formatted(NAMESPACE),
                GenericKubernetesResource.class))
        .create();
  }

  private static FashionTrainingJob job() {
    return admin.resources(FashionTrainingJob.class).inNamespace(NAMESPACE).withName("job").get();
  }

  /** As the trainer reports them; the last is the newest. */
  private static void epochs(String curve) {
    String last = curve.substring(curve.lastIndexOf('{'));
    String training =
        """
        attempt: 1
        epoch: %s
        epochs: 4
        progressPercentage: 50
        metrics: {last: %s, best: %s, curve: [%s]}
        """
            .formatted(last.replaceAll("\\{epoch: (\\d+).*", "$1"), last, last, curve);
    admin
        .genericKubernetesResources("training.fashion-mnist.io/v1alpha1", "FashionTrainingJob")
        .inNamespace(NAMESPACE)
        .withName("job")
        .editStatus(
            each -> {
              Map<String, Object> status = each.get("status");
              status.put("training", Serialization.unmarshal(training, Map.class));
              return each;
            });
  }
}
