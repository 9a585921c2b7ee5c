package io.fashionmnist.training.e2e;

import static io.fashionmnist.training.e2e.TrainingCluster.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Jobs in a git repository, synchronized by Argo CD with the samples and the settings of {@code
 * argocd/}. Each application has a namespace of its own.
 */
@ExtendWith(ScenarioTable.class)
@Timeout(420)
class ArgoCdIT {
  private static final String SAMPLE = "https://git.example.com/team/training.git";

  /** Until a pod uses it, a claim is Progressing for Argo CD, which says nothing of a job. */
  private static final String VOLUME =
      """
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: results, annotations: {argocd.argoproj.io/ignore-healthcheck: "true"}}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """;

  private static TrainingCluster cluster;
  private static ArgoCd argoCd;
  private static GitRepository jobs;

  private final List<ApplicationLog> logs = new ArrayList<>();
  private final List<String> applications = new ArrayList<>();
  private final List<String> namespaces = new ArrayList<>();

  @BeforeAll
  static void start() {
    assumeTrue(
        "local".equals(System.getenv().getOrDefault("CLUSTER", "local")),
        "only with CLUSTER=local");
    cluster = new TrainingCluster();
    cluster.untilOperatorIsReady();
    argoCd = new ArgoCd(cluster.client());
    jobs = argoCd.repository("jobs");
  }

  @AfterAll
  static void stop() {
    if (argoCd != null) {
      argoCd.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @AfterEach
  void forget() {
    applications.stream().filter(argoCd::has).forEach(argoCd::delete);
    logs.forEach(ApplicationLog::close);
    namespaces.forEach(cluster::deleteNamespace);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> namespaces.stream().allMatch(each -> cluster.pods(each).isEmpty()));
  }

  @Test
  @DisplayName("Progressing while it trains, Healthy after, in sync all the time")
  void inSyncWhileItTrains() {
    // Values that a server, or an operator, might be tempted to write in another way.
    String job =
        job(
            "job",
            """
            training: {epochs: 3, %s, optimizer: {weightDecay: 0.00001}}
              runPolicy: {ttlSecondsAfterFinished: 5, suspend: false}
              placements:
                - name: small
                  maxQueueDuration: 600s
                  cluster: {resources: {requests: {cpu: 500m, memory: 0.5Gi}, limits: {memory: 2048Mi}}}
                - {name: any, cluster: {}}
            """
                .formatted(SMALL));
    for (String application : List.of("server-side", "client-side")) {
      jobs.write(application + "/volume.yaml", VOLUME).write(application + "/job.yaml", job);
    }
    jobs.push();
    ApplicationLog serverSide = apply("server-side", sample("server-side"));
    ApplicationLog clientSide =
        apply("client-side", sample("client-side").replaceFirst(" +- ServerSideApply=true\n", ""));

    List<ApplicationLog> both = List.of(serverSide, clientSide);
    both.forEach(log -> log.until("Synced", "Progressing"));
    Instant start = Instant.now();
    List<Integer> marks = both.stream().map(ApplicationLog::mark).toList();
    argoCd.untilShown("server-side", "job", "Progressing", "Running on small (Cluster)");
    both.forEach(log -> log.until("Synced", "Healthy"));
    argoCd.untilShown("client-side", "job", "Healthy", "test accuracy 0.");
    // Also when what the job left is gone, and for two minutes at least.
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> cluster.jobs("server-side").isEmpty() && cluster.jobs("client-side").isEmpty());
    Duration rest = Duration.ofSeconds(120).minus(Duration.between(start, Instant.now()));
    quietFor(rest.compareTo(Duration.ofSeconds(20)) > 0 ? rest : Duration.ofSeconds(20));

    for (int i = 0; i < both.size(); i++) {
      both.get(i).assertQuietSince(marks.get(i));
      assertThat(both.get(i).healthsSince(marks.get(i))).containsExactly("Progressing", "Healthy");
    }
    assertThat(cluster.status("server-side", "job").attemptCount()).isEqualTo(1);
  }

  @Test
  @EnabledIfEnvironmentVariable(
      named = "E2E_LONG",
      matches = "1",
      disabledReason = ScenarioTable.LONG)
  @DisplayName("an example for two minutes: in sync, and its progress is no reason to look")
  void progressIsNoReasonToLook() {
    List<String> both = List.of("example", "example-client-side");
    for (String application : both) {
      jobs.write(application + "/quickstart.yaml", example("quickstart.yaml"));
    }
    jobs.push();
    List<ApplicationLog> logs =
        List.of(
            apply(both.get(0), sample(both.get(0))),
            apply(both.get(1), sample(both.get(1)).replaceFirst(" +- ServerSideApply=true\n", "")));
    logs.forEach(log -> log.until("Synced", "Progressing"));
    both.forEach(application -> cluster.untilEpoch(application, "quickstart", 2));
    List<Integer> epochs = both.stream().map(ArgoCdIT::epochOfQuickstart).toList();
    List<Integer> marks = logs.stream().map(ApplicationLog::mark).toList();
    List<Integer> looks = both.stream().map(argoCd::looksAfterChanges).toList();

    quietFor(Duration.ofMinutes(2));

    for (int i = 0; i < both.size(); i++) {
      assertThat(epochOfQuickstart(both.get(i)))
          .as("it has trained and reported all the time")
          .isGreaterThan(epochs.get(i) + 5);
      assertThat(argoCd.looksAfterChanges(both.get(i))).isEqualTo(looks.get(i));
      logs.get(i).assertQuietSince(marks.get(i));
      assertThat(logs.get(i).healthsSince(marks.get(i))).containsExactly("Progressing");
    }
    // What is not ignored is seen.
    cluster.suspend(both.getFirst(), "quickstart", true);
    logs.getFirst().until("Synced", "Suspended");
    assertThat(argoCd.looksAfterChanges(both.getFirst())).isGreaterThan(looks.getFirst());
  }

  @Test
  @DisplayName("on Vertex AI: Progressing says where, Healthy after, in sync all the time")
  void onVertexAi() {
    new GoogleCloud(cluster.client()).cpus("us-east4", 42);
    jobs.write(
            "vertex/job.yaml",
            """
            apiVersion: training.fashion-mnist.io/v1alpha1
            kind: FashionTrainingJob
            metadata: {name: job}
            spec:
              training: {epochs: 5, %s}
              output: {uri: "gs://my-results-us-east4/runs"}
              placements:
                - {name: east, vertex: {region: us-east4, machineType: n1-standard-4}}
            """
                .formatted(SMALL))
        .push();
    ApplicationLog log = apply("vertex", sample("vertex")).until("Synced", "Progressing");
    int mark = log.mark();

    argoCd.untilShown("vertex", "job", "Progressing", "Running on east (Vertex)");
    log.until("Synced", "Healthy");

    argoCd.untilShown("vertex", "job", "Healthy", "test accuracy 0.");
    log.assertQuietSince(mark);
    assertThat(log.healthsSince(mark)).containsExactly("Progressing", "Healthy");
    assertThat(cluster.status("vertex", "job").backend()).isEqualTo(Backend.VERTEX);
  }

  @Test
  @DisplayName("Degraded with the reason; retry starts it again, next to Git")
  void failedAndRetried() {
    jobs.write("failing/volume.yaml", VOLUME)
        .write("failing/job.yaml", job("job", "data: {uri: \"pvc://results/nothing\"}"))
        .push();
    ApplicationLog log = apply("failing", sample("failing")).until("Synced", "Degraded");
    int mark = log.mark();
    argoCd.untilShown("failing", "job", "Degraded", "BadInput: ");

    argoCd.act("retry", "failing", "job");

    String retry =
        await()
            .atMost(Duration.ofMinutes(1))
            .until(
                () ->
                    jobsOf("failing").stream()
                        .map(each -> each.getMetadata().getName())
                        .filter(each -> each.matches("job-\\d{10}"))
                        .toList(),
                Predicate.not(List::isEmpty))
            .getFirst();
    cluster.untilPhase("failing", retry, Phase.FAILED);
    argoCd.refresh("failing");
    argoCd.untilShown("failing", retry, "Degraded", "BadInput: ");
    JsonNode shown = argoCd.shown("failing", retry).orElseThrow();
    assertThat(shown.path("parentRefs").path(0).path("name").asText()).isEqualTo("job");
    log.assertQuietSince(mark);

    argoCd.cli("app", "sync", "failing", "--prune");
    assertThat(jobsOf("failing")).as("not pruned").hasSize(2);
  }

  @Test
  @DisplayName("suspend and resume hold where Git says nothing of it")
  void suspendedAndResumed() {
    jobs.write("pausing/volume.yaml", VOLUME).write("pausing/job.yaml", longJob("")).push();
    ApplicationLog log = apply("pausing", sample("pausing")).until("Synced", "Progressing");
    cluster.untilEpoch("pausing", "job", 1);
    int mark = log.mark();

    argoCd.act("suspend", "pausing", "job");
    log.until("Synced", "Suspended");
    argoCd.untilShown("pausing", "job", "Suspended", "epoch ");
    quietFor(Duration.ofSeconds(15));

    argoCd.act("resume", "pausing", "job");
    log.until("Synced", "Progressing");
    cluster.untilPhase("pausing", "job", Phase.RUNNING);
    log.assertQuietSince(mark);
    assertThat(log.healthsSince(mark)).containsExactly("Progressing", "Suspended", "Progressing");
  }

  @Test
  @DisplayName("suspend in Git: self-heal puts it back, unless differences are ignored")
  void suspendedInGit() {
    jobs.write("waiting/volume.yaml", VOLUME)
        .write("waiting/job.yaml", longJob("runPolicy: {suspend: true}"))
        .push();
    ApplicationLog log = apply("waiting", sample("waiting")).until("Synced", "Suspended");
    String first = log.now().operation();

    argoCd.act("resume", "waiting", "job");
    log.until(state -> !state.operation().equals(first)).until("Synced", "Suspended");
    assertThat(cluster.job("waiting", "job").getSpec().runPolicy().suspend()).isTrue();

    argoCd.patch(
        "waiting",
        """
        {"spec": {
          "ignoreDifferences": [{"group": "training.fashion-mnist.io", "kind": "FashionTrainingJob",
                                 "jsonPointers": ["/spec/runPolicy/suspend"]}],
          "syncPolicy": {"syncOptions": ["ServerSideApply=true", "RespectIgnoreDifferences=true"]}}}
        """);
    argoCd.refresh("waiting");
    log.until("Synced", "Suspended");
    int mark = log.mark();
    argoCd.act("resume", "waiting", "job");
    cluster.untilPhase("waiting", "job", Phase.RUNNING);
    log.until("Synced", "Progressing");
    quietFor(Duration.ofSeconds(10));
    log.assertQuietSince(mark);
    // A sync for another reason leaves it as it is, too.
    argoCd.cli("app", "sync", "waiting");
    assertThat(cluster.job("waiting", "job").getSpec().runPolicy().suspend()).isFalse();
  }

  @Test
  @DisplayName("self-heal puts back what Git says; prune ends the job")
  void healedAndPruned() {
    jobs.write("tidy/volume.yaml", VOLUME)
        .write("tidy/job.yaml", longJob("runPolicy: {backoffLimit: 2}"))
        .push();
    apply("tidy", sample("tidy")).until("Synced", "Progressing");
    cluster.runningPod("tidy");
    FashionTrainingJob before = cluster.job("tidy", "job");

    cluster
        .client()
        .resource(before)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"runPolicy\": {\"backoffLimit\": 5}}}");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> cluster.job("tidy", "job").getSpec().runPolicy().backoffLimit() == 2);
    assertThat(cluster.status("tidy", "job").attemptCount()).as("it trains on").isEqualTo(1);

    cluster.client().resource(before).delete();
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> cluster.job("tidy", "job"),
            job ->
                job != null && !job.getMetadata().getUid().equals(before.getMetadata().getUid()));

    jobs.delete("tidy/job.yaml").push();
    argoCd.refresh("tidy");
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                jobsOf("tidy").isEmpty()
                    && cluster.jobs("tidy").isEmpty()
                    && cluster.pods("tidy").isEmpty());
  }

  @Test
  @DisplayName("an ApplicationSet: an application for each job")
  void applicationSet() {
    for (String name : List.of("one", "two")) {
      jobs.write("set/%s.yaml".formatted(name), job(name, "runPolicy: {suspend: true}"));
    }
    jobs.push();
    applications.addAll(List.of("training-one", "training-two"));
    namespaces.add("set");
    try (ApplicationLog one = argoCd.follow("training-one");
        ApplicationLog two = argoCd.follow("training-two")) {
      argoCd.create(
          ArgoCd.sample("applicationset.yaml")
              .replace(SAMPLE, jobs.url())
              .replace("jobs/*.yaml", "set/*.yaml")
              .replace("namespace: training\n", "namespace: set\n"));
      // What the branch's head was a minute ago is remembered.
      argoCd.refreshSet("training-jobs");
      one.until("Synced", "Suspended");
      two.until("Synced", "Suspended");
      assertThat(jobsOf("set")).hasSize(2);

      jobs.delete("set/two.yaml").push();
      argoCd.refreshSet("training-jobs");
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> !argoCd.has("training-two") && jobsOf("set").size() == 1);
    } finally {
      argoCd.cli("appset", "delete", "training-jobs", "--yes");
    }
  }

  @Test
  @DisplayName("the chart by Argo CD: takes the installed one over, and stays in sync")
  void chart() {
    List<String> pods = cluster.operatorPods();
    argoCd.repository("operator").copy("helm/fashion-training-operator").push();
    jobs.write(
            "operator/values.yaml",
            TrainingCluster.run(
                System.getenv("HELM"),
                "get",
                "values",
                "fashion-training-operator",
                "--namespace",
                TrainingCluster.OPERATOR_NAMESPACE,
                "--output",
                "yaml"))
        .push();

    ApplicationLog log =
        apply(
                "fashion-training-operator",
                ArgoCd.sample("operator.yaml")
                    .replace(
                        "https://git.example.com/fashion-training-operator.git",
                        jobs.url().replace("/jobs.git", "/operator.git"))
                    .replace(SAMPLE, jobs.url()))
            .until(state -> state.is("Synced", "Healthy"));
    assertThat(log.now().operation()).as("it was installed like that").isEmpty();
    argoCd.cli("app", "sync", "fashion-training-operator");
    log.until("Synced", "Healthy");
    int mark = log.mark();
    for (int i = 0; i < 3; i++) {
      argoCd.cli("app", "get", "fashion-training-operator", "--hard-refresh");
      quietFor(Duration.ofSeconds(5));
    }

    log.assertQuietSince(mark);
    assertThat(log.healthsSince(mark)).containsExactly("Healthy");
    assertThat(cluster.operatorPods()).containsExactlyInAnyOrderElementsOf(pods);
  }

  /** As it is but for what two processors can train: a small model, for longer than the test. */
  private static String example(String file) {
    try {
      String manifest = Files.readString(Path.of("../examples", file));
      assertThat(manifest).contains("    epochs: 2\n");
      return manifest.replace(
              "    epochs: 2\n",
              "    epochs: 500\n    batchSize: 512\n    model: {filters: [4], denseUnits: 8}\n")
          // Two of them have to find room on a small node.
          + "  placements:\n    - {name: small, cluster: {resources: {requests: {cpu: 250m, memory: 0.5Gi}}}}\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int epochOfQuickstart(String namespace) {
    return cluster.status(namespace, "quickstart").training().epoch();
  }

  private ApplicationLog apply(String name, String manifest) {
    applications.add(name);
    ApplicationLog log = argoCd.follow(name);
    logs.add(log);
    argoCd.create(manifest);
    return log;
  }

  /** The sample for a folder and a namespace of the application's name. */
  private String sample(String name) {
    namespaces.add(name);
    return ArgoCd.sample("application.yaml")
        .replace(SAMPLE, jobs.url())
        .replace("name: training-jobs", "name: " + name)
        .replace("path: jobs", "path: " + name)
        .replace("namespace: training\n", "namespace: " + name + "\n");
  }

  private static String job(String name, String spec) {
    return """
    apiVersion: training.fashion-mnist.io/v1alpha1
    kind: FashionTrainingJob
    metadata: {name: %s}
    spec:
      output: {uri: "pvc://results/runs"}
      %s
    """
        .formatted(name, spec);
  }

  private static String longJob(String more) {
    return job("job", "training: {epochs: 200, %s}\n  %s".formatted(SMALL, more));
  }

  private static List<FashionTrainingJob> jobsOf(String namespace) {
    return cluster
        .client()
        .resources(FashionTrainingJob.class)
        .inNamespace(namespace)
        .list()
        .getItems();
  }

  /** Gives Argo CD, which looks every ten seconds, the time to find something. */
  private static void quietFor(Duration time) {
    Instant end = Instant.now().plus(time);
    await().atMost(time.plusSeconds(30)).until(() -> Instant.now().isAfter(end));
  }
}
