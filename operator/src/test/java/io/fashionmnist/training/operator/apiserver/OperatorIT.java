package io.fashionmnist.training.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** The operator, with the chart's rights, on a real API server. */
@Timeout(600)
class OperatorIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static InstalledChart chart;
  private static KubernetesClient admin;
  private String namespace;

  @BeforeAll
  static void install() {
    chart = InstalledChart.start();
    admin = chart.admin();
  }

  @AfterAll
  static void uninstall() {
    if (chart != null) {
      chart.close();
    }
  }

  @BeforeEach
  void makeNamespace(TestInfo test) {
    namespace = test.getTestMethod().orElseThrow().getName().toLowerCase();
    chart.makeNamespace(namespace);
  }

  @Test
  void runsAJobToItsEndWithTheChartsRightsAlone() {
    try (OperatorProcess operator = start("one");
        NodeStandIn node = NodeStandIn.start(admin, namespace, Duration.ofSeconds(1))) {
      create("job");

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(status("job").phase()).isEqualTo(Phase.SUCCEEDED));
      assertThat(status("job").attempts()).hasSize(1);
      assertThat(node.everSeen()).hasSize(1);
      await()
          .untilAsserted(
              () ->
                  assertThat(RecordedEvents.reasons(admin, namespace))
                      .contains("AttemptStarted", "Succeeded"));
      assertThat(operator.log())
          .doesNotContainIgnoringCase("forbidden")
          .as("passes run on virtual threads")
          .contains("\"threadName\":\"reconcile-");
    }
  }

  @Test
  void writesNothingButTheStatus() {
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofMillis(100))) {
      GenericKubernetesResource before = create("job");
      await().atMost(PATIENCE).until(() -> status("job").phase() == Phase.SUCCEEDED);

      FashionTrainingJob after = get("job");
      assertThat(after.getMetadata().getGeneration())
          .isEqualTo(before.getMetadata().getGeneration());
      assertThat(after.getMetadata().getFinalizers()).isEmpty();
      assertThat(after.getMetadata().getManagedFields())
          .filteredOn(entry -> entry.getManager().startsWith("fashion-training"))
          .isNotEmpty()
          .extracting(ManagedFieldsEntry::getSubresource)
          .containsOnly("status");
    }
  }

  @Test
  void atMostOneLiveAttemptThoughTheOperatorIsKilledAgainAndAgain() throws InterruptedException {
    Random random = new Random(Long.getLong("soak.seed", 7));
    List<String> names = IntStream.range(0, 20).mapToObj(each -> "job-" + each).toList();
    try (NodeStandIn node = NodeStandIn.start(admin, namespace, Duration.ofSeconds(1))) {
      names.forEach(this::create);
      for (int round = 0; round < Integer.getInteger("soak.kills", 5); round++) {
        try (OperatorProcess operator = start("round-" + round)) {
          Thread.sleep(random.nextInt(1_500));
          operator.kill();
        }
      }
      try (var _ = start("last")) {
        await()
            .atMost(Duration.ofSeconds(120))
            .untilAsserted(
                () ->
                    assertThat(names)
                        .allSatisfy(
                            name -> assertThat(status(name).phase()).isEqualTo(Phase.SUCCEEDED)));
      }
      assertThat(names).allSatisfy(name -> assertThat(status(name).attemptCount()).isEqualTo(1));
      assertThat(node.everSeen()).as("Jobs that there ever were").hasSameSizeAs(names);
    }
  }

  @Test
  void anotherReplicaTakesOver() {
    try (var _ = NodeStandIn.start(admin, namespace, Duration.ofMillis(100));
        OperatorProcess first = start("first");
        OperatorProcess second = start("second")) {
      create("before");
      await().atMost(PATIENCE).until(() -> status("before").phase() == Phase.SUCCEEDED);
      (leader().equals("first") ? first : second).kill();

      create("after");

      await().atMost(PATIENCE).until(() -> status("after").phase() == Phase.SUCCEEDED);
    }
  }

  @Test
  void givesTheLeadBackWhenItEnds() {
    OperatorProcess operator = start("one");
    await().atMost(PATIENCE).until(() -> "one".equals(leader()));

    operator.close();

    assertThat(leader()).isEmpty();
  }

  @Test
  void aJobThatTheApiServerRefusesFailsWithItsWords() {
    try (var _ = start("one")) {
      createFrom(
          manifest("job")
              + "  placements: [{name: here, cluster: {podLabels: {\"bad key!\": x}}}]\n");

      await().atMost(PATIENCE).until(() -> status("job").phase() == Phase.FAILED);

      assertThat(status("job").attempts())
          .singleElement()
          .satisfies(
              attempt -> {
                assertThat(attempt.reason()).isEqualTo("JobRefused");
                assertThat(attempt.message()).contains("bad key!", "correct what it names");
              });
    }
  }

  @Test
  void theNamespacesQuotaOfJobsIsWaitedForAndMovesAJobOn() {
    limitJobs(0);
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofMillis(100))) {
      createFrom(
          manifest("job")
              + "  placements:\n"
              + "    - {name: here, maxQueueDuration: 12s, cluster: {}}\n"
              + "    - {name: there, cluster: {}}\n");

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(status("job").phase()).isEqualTo(Phase.QUEUED);
                assertThat(status("job").attempts().getLast().reason()).isEqualTo("NamespaceQuota");
                assertThat(status("job").attempts().getLast().message())
                    .contains("exceeded quota: jobs");
              });
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(status("job").attempts())
                      .extracting(each -> each.placement() + " " + each.reason())
                      .containsExactly("here QueueDeadlineExceeded", "there NamespaceQuota"));

      limitJobs(1);
      await().atMost(Duration.ofMinutes(2)).until(() -> status("job").phase() == Phase.SUCCEEDED);
      assertThat(jobsOf("job")).hasSize(1);
    }
  }

  /** The controller that counts is not here: what it would say is said by hand. */
  private void limitJobs(int most) {
    ResourceQuota quota =
        new ResourceQuotaBuilder()
            .withNewMetadata()
            .withName("jobs")
            .withNamespace(namespace)
            .endMetadata()
            .withNewSpec()
            .addToHard("count/jobs.batch", new Quantity(Integer.toString(most)))
            .endSpec()
            .build();
    admin.resource(quota).createOr(each -> each.update());
    admin
        .resource(quota)
        .editStatus(
            each ->
                new ResourceQuotaBuilder(each)
                    .withNewStatus()
                    .addToHard("count/jobs.batch", new Quantity(Integer.toString(most)))
                    .addToUsed("count/jobs.batch", new Quantity("0"))
                    .endStatus()
                    .build());
  }

  /** A queue's webhook suspends the Job as it is made, and its controller lets it go. */
  @Test
  void waitsForItsQueue() {
    try (var _ = start("one")) {
      createFrom(manifest("job") + "  runPolicy: {schedulingPolicy: {queue: team}}\n");
      await().atMost(PATIENCE).until(() -> jobsOf("job").size() == 1);
      Job job = jobsOf("job").getFirst();
      assertThat(job.getMetadata().getLabels()).containsEntry("kueue.x-k8s.io/queue-name", "team");

      suspendJob(job, true);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(status("job").phase()).isEqualTo(Phase.QUEUED);
                assertThat(status("job").attempts().getLast().reason())
                    .isEqualTo("WaitingForQueue");
              });

      suspendJob(job, false);
      try (var _ = NodeStandIn.start(admin, namespace, Duration.ofMillis(100))) {
        await().atMost(PATIENCE).until(() -> status("job").phase() == Phase.SUCCEEDED);
      }
      assertThat(status("job").attempts()).hasSize(1);
    }
  }

  private static void suspendJob(Job job, boolean suspend) {
    // Whatever version of it is there: this one is from before the last change.
    admin
        .resource(job)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"suspend\": %s}}".formatted(suspend));
  }

  /** Invariant 1: what an operator made that was held up for too long is ended. */
  @Test
  void aJobOfAnAttemptThatIsOverIsEnded() {
    try (var _ = start("one")) {
      create("job");
      await().atMost(PATIENCE).until(() -> jobsOf("job").size() == 1);
      Job live = jobsOf("job").getFirst();
      suspend("job");
      await().atMost(PATIENCE).until(() -> status("job").phase() == Phase.SUSPENDED);

      Job late =
          new JobBuilder()
              .withNewMetadata()
              .withName(live.getMetadata().getName())
              .withNamespace(namespace)
              .withLabels(live.getMetadata().getLabels())
              .withOwnerReferences(live.getMetadata().getOwnerReferences())
              .endMetadata()
              .withNewSpec()
              .withTemplate(bare(live.getSpec().getTemplate()))
              .endSpec()
              .build();
      admin.resource(late).create();

      await().atMost(PATIENCE).until(() -> jobsOf("job").isEmpty());
      assertThat(status("job").phase()).isEqualTo(Phase.SUSPENDED);
    }
  }

  /** Without the labels by which the first Job's pods were its own. */
  private static PodTemplateSpec bare(PodTemplateSpec template) {
    template.getMetadata().getLabels().keySet().removeIf(key -> key.contains("controller-uid"));
    return template;
  }

  private void suspend(String name) {
    admin
        .genericKubernetesResources("training.fashion-mnist.io/v1alpha1", "FashionTrainingJob")
        .inNamespace(namespace)
        .withName(name)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"runPolicy\": {\"suspend\": true}}}");
  }

  @Test
  void leavesOthersJobsAlone() {
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofMillis(100))) {
      GenericKubernetesResource job =
          Serialization.unmarshal(
              manifest("theirs")
                  .replace("spec:", "spec:\n  runPolicy: {managedBy: kueue.x-k8s.io/multikueue}"),
              GenericKubernetesResource.class);
      admin.resource(job).inNamespace(namespace).create();
      create("ours");
      await().atMost(PATIENCE).until(() -> status("ours").phase() == Phase.SUCCEEDED);

      assertThat(get("theirs").currentStatus().phase()).isNull();
      assertThat(jobsOf("theirs")).isEmpty();
    }
  }

  @Test
  void writesNothingWhileNothingHappens() throws InterruptedException {
    List<String> names = IntStream.range(0, 30).mapToObj(each -> "job-" + each).toList();
    try (var _ = start("one");
        var _ = NodeStandIn.start(admin, namespace, Duration.ofHours(1))) {
      names.forEach(this::create);
      await()
          .atMost(PATIENCE)
          .until(() -> names.stream().allMatch(name -> status(name).phase() == Phase.RUNNING));
      // What was begun before comes to rest.
      await()
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                Map<String, String> before = versions();
                List<String> told = RecordedEvents.reasons(admin, namespace);
                Thread.sleep(3_000);
                return before.equals(versions())
                    && told.equals(RecordedEvents.reasons(admin, namespace));
              });
      Map<String, String> before = versions();
      List<String> told = RecordedEvents.reasons(admin, namespace);

      Thread.sleep(10_000);

      assertThat(versions()).isEqualTo(before);
      assertThat(RecordedEvents.reasons(admin, namespace)).isEqualTo(told);
    }
  }

  @Test
  void tellsEverythingThatIsWrongWithItsSettings() {
    try (OperatorProcess operator =
        OperatorProcess.start(
            "broken", chart, "installation: X_\noutput: {uri: s3://x}\nprogres: {}\n")) {
      assertThat(operator.exitCode()).isEqualTo(2);
      assertThat(operator.log())
          .contains("installation: X_ must be", "output.uri: s3://x must be", "progres: no such");
    }
  }

  @Test
  void saysThatTheDefinitionIsOlder() {
    assertEndsWithADefinition(
        status -> status.remove("round"),
        "older than this operator; it lacks status.round: upgrade the chart");
  }

  /** Every status with that value would be refused. */
  @Test
  void saysThatTheDefinitionLacksAValue() {
    assertEndsWithADefinition(
        status ->
            status
                .get("attempts")
                .getItems()
                .getSchema()
                .getProperties()
                .get("state")
                .getEnum()
                .removeIf(value -> value.asText().equals("Skipped")),
        "older than this operator; it lacks status.attempts[].state (Skipped): upgrade the chart");
  }

  private void assertEndsWithADefinition(
      Consumer<Map<String, JSONSchemaProps>> older, String complaint) {
    var definitions =
        admin
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName("fashiontrainingjobs.training.fashion-mnist.io");
    var installed = definitions.get();
    definitions.edit(
        definition -> {
          older.accept(
              definition
                  .getSpec()
                  .getVersions()
                  .getFirst()
                  .getSchema()
                  .getOpenAPIV3Schema()
                  .getProperties()
                  .get("status")
                  .getProperties());
          return definition;
        });
    try (OperatorProcess operator = OperatorProcess.start("newer", chart, chart.settings())) {
      assertThat(operator.exitCode()).isEqualTo(1);
      assertThat(operator.log()).contains(complaint);
    } finally {
      definitions.edit(
          definition -> {
            definition.setSpec(installed.getSpec());
            return definition;
          });
    }
  }

  private OperatorProcess start(String name) {
    return OperatorProcess.start(name, chart, chart.settings()).ready();
  }

  private static String leader() {
    return admin
        .leases()
        .inNamespace(InstalledChart.NAMESPACE)
        .withName("fashion-training-operator")
        .get()
        .getSpec()
        .getHolderIdentity();
  }

  private static String manifest(String name) {
    return """
    apiVersion: training.fashion-mnist.io/v1alpha1
    kind: FashionTrainingJob
    metadata: {name: %s}
    spec:
      output: {uri: gs://bucket/runs}
    """
        .formatted(name);
  }

  /** As a user writes it: nothing more is sent. */
  private GenericKubernetesResource create(String name) {
    return createFrom(manifest(name));
  }

  private GenericKubernetesResource createFrom(String manifest) {
    return admin
        .resource(Serialization.unmarshal(manifest, GenericKubernetesResource.class))
        .inNamespace(namespace)
        .create();
  }

  private FashionTrainingJob get(String name) {
    return admin.resources(FashionTrainingJob.class).inNamespace(namespace).withName(name).get();
  }

  private FashionTrainingJobStatus status(String name) {
    return get(name).currentStatus();
  }

  private List<Job> jobsOf(String name) {
    return admin
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .withLabel("training.fashion-mnist.io/job", name)
        .list()
        .getItems();
  }

  private Map<String, String> versions() {
    return new ArrayList<>(
            admin.resources(FashionTrainingJob.class).inNamespace(namespace).list().getItems())
        .stream()
            .collect(
                Collectors.toMap(
                    job -> job.getMetadata().getName(),
                    job -> job.getMetadata().getResourceVersion()));
  }
}
