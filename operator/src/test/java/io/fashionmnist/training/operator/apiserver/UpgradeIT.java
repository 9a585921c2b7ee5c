package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From the definition as it first was to today's, with a job that runs meanwhile. */
@Timeout(300)
class UpgradeIT {
  private static final String NAMESPACE = "upgrade";

  private static InstalledChart chart;
  private static KubernetesClient admin;

  @BeforeAll
  static void install() {
    chart = InstalledChart.start();
    admin = chart.admin();
    chart.makeNamespace(NAMESPACE);
  }

  @AfterAll
  static void uninstall() {
    if (chart != null) {
      chart.close();
    }
  }

  @Test
  void aJobThatAnOlderOperatorBeganEndsWithItsOneAttempt() {
    CustomResourceDefinitionSpec today = definition().getSpec();
    define(
        Serialization.unmarshal(
                getClass().getResourceAsStream("/upgrade/first-definition.yaml"),
                CustomResourceDefinition.class)
            .getSpec());
    FashionTrainingJob job = begunByAnOlderOperator();
    Job batchJob = itsJob(job);

    define(today);
    try (var _ = OperatorProcess.start("newer", chart, chart.settings()).ready()) {
      // It finds the pod, too.
      try (NodeStandIn node = NodeStandIn.start(admin, NAMESPACE, Duration.ofHours(1))) {
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(
                () ->
                    assertThat(status().attempts().getFirst().message())
                        .isEqualTo("the trainer runs"));
        assertOnly(batchJob, node);
      }
      try (NodeStandIn node = NodeStandIn.start(admin, NAMESPACE, Duration.ofSeconds(1))) {
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> assertThat(status().phase()).isEqualTo(Phase.SUCCEEDED));
        assertOnly(batchJob, node);
      }
      assertThat(status().attempts()).hasSize(1);
      assertThat(admin.resource(job).get().getMetadata().getGeneration())
          .as("what is asked for is as it was")
          .isEqualTo(job.getMetadata().getGeneration());
    }
  }

  private static void assertOnly(Job batchJob, NodeStandIn node) {
    assertThat(node.everSeen())
        .containsExactly(batchJob.getMetadata().getName() + "/" + batchJob.getMetadata().getUid());
  }

  private static FashionTrainingJob begunByAnOlderOperator() {
    GenericKubernetesResource manifest =
        Serialization.unmarshal(
            """
            apiVersion: training.fashion-mnist.io/v1alpha1
            kind: FashionTrainingJob
            metadata: {name: job}
            spec:
              output: {uri: gs://bucket/runs}
              placements: [{name: here, cluster: {tolerations: [{key: pool, operator: Exists}]}}]
            """,
            GenericKubernetesResource.class);
    GenericKubernetesResource made = admin.resource(manifest).inNamespace(NAMESPACE).create();
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    made.setAdditionalProperty(
        "status",
        Map.of(
            "observedGeneration",
            1,
            "phase",
            "Running",
            "startTime",
            now,
            "attemptCount",
            1,
            "activeAttempt",
            1,
            "attempts",
            List.of(
                Map.of(
                    "number", 1,
                    "placement", "here",
                    "backend", "Cluster",
                    "externalName", jobName(made.getMetadata().getUid()),
                    "state", "Running",
                    "reason", "Training",
                    "outputUri", "gs://bucket/runs/job/attempt-1",
                    "startTime", now))));
    admin.resource(made).inNamespace(NAMESPACE).updateStatus();
    return admin.resources(FashionTrainingJob.class).inNamespace(NAMESPACE).withName("job").get();
  }

  /** As it has been from the first: what runs would be lost under another name. */
  private static String jobName(String uid) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("fashion-training/" + uid).getBytes(StandardCharsets.UTF_8));
      return "job-%s-1".formatted(HexFormat.of().formatHex(digest, 0, 4));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As the operator of before has made it; no name is today's code's. */
  private static Job itsJob(FashionTrainingJob job) {
    Map<String, String> labels =
        Map.of(
            "training.fashion-mnist.io/installation", "fashion-training",
            "training.fashion-mnist.io/job", "job",
            "training.fashion-mnist.io/job-uid", job.getMetadata().getUid(),
            "training.fashion-mnist.io/attempt", "1");
    Job made =
        Serialization.unmarshal(
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: %s}
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: trainer, image: x}]
            """
                .formatted(job.currentStatus().attempts().getFirst().externalName()),
            Job.class);
    made.getMetadata().setLabels(labels);
    made.getSpec().getTemplate().setMetadata(new ObjectMetaBuilder().withLabels(labels).build());
    made.getMetadata()
        .setOwnerReferences(
            List.of(
                new OwnerReferenceBuilder()
                    .withApiVersion(job.getApiVersion())
                    .withKind(job.getKind())
                    .withName("job")
                    .withUid(job.getMetadata().getUid())
                    .withController(true)
                    .build()));
    return admin.resource(made).inNamespace(NAMESPACE).create();
  }

  private static FashionTrainingJobStatus status() {
    return admin
        .resources(FashionTrainingJob.class)
        .inNamespace(NAMESPACE)
        .withName("job")
        .get()
        .currentStatus();
  }

  private static CustomResourceDefinition definition() {
    return admin
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("fashiontrainingjobs.training.fashion-mnist.io")
        .get();
  }

  private static void define(CustomResourceDefinitionSpec spec) {
    admin
        .resource(definition())
        .edit(
            each -> {
              each.setSpec(spec);
              return each;
            });
  }
}
