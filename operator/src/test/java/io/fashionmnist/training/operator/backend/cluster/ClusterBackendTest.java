package io.fashionmnist.training.operator.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.CleanPodPolicy;
import io.fashionmnist.training.api.v1alpha1.ClusterPlacement;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobSpec;
import io.fashionmnist.training.api.v1alpha1.OutputSpec;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import io.fashionmnist.training.operator.apiserver.ApiServerStub;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Consequence;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Start;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of the API server, and what is made of its answers. */
class ClusterBackendTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Placement HERE =
      new Placement("here", null, null, ClusterPlacement.defaults());

  private final ApiServerStub server = new ApiServerStub();
  private final OperatorSettings settings = OperatorSettings.defaults();
  private final FashionTrainingJob job = job();
  private Instant now = NOW;
  private final ClusterBackend backend =
      new ClusterBackend(settings, server.client(), () -> now, Optional::empty);

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "422 | Job.batch \"x\" is invalid: spec.template: bad | correct what it names",
        "403 | admission webhook \"no.example.com\" denied the request: no | whoever runs that policy",
        "400 | admission webhook \"no.example.com\" denied the request | whoever runs that policy",
        "403 | User \"o\" cannot create resource \"jobs\" in API group | rights that its chart has",
      })
  void aJobThatIsRefusedFailsWithTheServersWordsAndWhatToDo(int code, String words, String advice) {
    server.refuses(code, words);

    var seen = (AttemptObservation.Failed) submit().orElseThrow().attempt();

    assertThat(seen.consequence()).isEqualTo(Consequence.FINAL);
    assertThat(seen.reason()).isEqualTo("JobRefused");
    assertThat(seen.message()).contains(words).contains(advice);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | NamespaceQuota | jobs.batch \"x\" is forbidden: exceeded quota: q",
        "500 | ApiServerBusy | Internal error occurred: failed calling webhook \"mjob.kb.io\": connection refused",
        "500 | ApiServerBusy | etcdserver: request timed out",
        "429 | ApiServerBusy | too many requests",
      })
  void whatMayPassIsWaitedForLessAndLessOften(int code, String reason, String words) {
    server.refuses(code, words);

    var seen = (AttemptObservation.Waiting) submit().orElseThrow().attempt();
    assertThat(seen.cause()).isEqualTo(Cause.CAPACITY);
    assertThat(seen.reason()).isEqualTo(reason);
    assertThat(seen.message()).contains(words);
    assertThat(seen.lookAgain()).contains(Duration.ofSeconds(10));

    now = NOW.plus(Duration.ofHours(1));
    var later = (AttemptObservation.Waiting) submit(now.plusSeconds(10)).orElseThrow().attempt();
    assertThat(later.lookAgain()).contains(Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | jobs.batch is forbidden: unable to create new content in namespace x because it is being terminated",
      })
  void whatIsNoJudgementIsNoneOnTheJob(int code, String words) {
    server.refuses(code, words);

    assertThatExceptionOfType(KubernetesClientException.class).isThrownBy(this::submit);
  }

  /** Invariant 1: a repetition could come when others have gone on. */
  @Test
  void aCreateIsNotRepeatedBehindOurBack() {
    server.refuses(500, "etcdserver: request timed out");

    submit();

    assertThat(server.calls()).containsExactly("POST jobs");
  }

  /** Invariant 1: who was held up since the intent makes nothing any more. */
  @Test
  void nothingIsCreatedOnceTheTimeOfTheIntentIsOver() {
    Sight seen = submit(NOW).orElseThrow();

    assertThat(server.calls()).isEmpty();
    assertThat(((AttemptObservation.Waiting) seen.attempt()).reason()).isEqualTo("Starting");
  }

  @ParameterizedTest
  @CsvSource({"RUNNING, DELETE left", "ALL, DELETE done; DELETE left"})
  void podsGoAsTheirPolicySays(CleanPodPolicy policy, String deletions) {
    job.setSpec(
        new FashionTrainingJobSpec(
            new RunPolicy(false, null, 2, null, policy, null, null),
            null,
            null,
            null,
            null,
            List.of(HERE),
            null,
            null,
            null));
    server.answers(
        200,
        """
        {"kind": "PodList", "apiVersion": "v1", "items": [
          {"metadata": {"name": "done", "namespace": "team"}, "status": {"phase": "Failed"}},
          {"metadata": {"name": "left", "namespace": "team"}, "status": {"phase": "Running"}}]}
        """);

    backend.deletePods(job, attempt(AttemptState.SUCCEEDED));

    assertThat(String.join("; ", server.calls().subList(1, server.calls().size())))
        .isEqualTo(deletions);
  }

  @Test
  void oneThatIsAlreadyThereIsTheAttemptsOwn() {
    server.refuses(409, "jobs.batch \"x\" already exists");

    assertThat(submit()).isEmpty();
  }

  /** Invariant 2: a view that lags does not end what runs. */
  @Test
  void anAttemptThatAViewDoesNotShowIsLookedUp() {
    server.answers(200, Serialization.asJson(batchJob("{}")));

    AttemptObservation seen = observe(attempt(AttemptState.RUNNING), List.of(), List.of());

    assertThat(server.calls()).first().asString().startsWith("GET job-");
    assertThat(seen).isInstanceOf(AttemptObservation.Waiting.class);
  }

  @Test
  void oneThatWasJustBegunIsNot() {
    assertThat(observe(attempt(AttemptState.QUEUED), List.of(), List.of()))
        .isInstanceOf(AttemptObservation.Missing.class);
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void eventsAreAskedForOnceAMinuteAtMost() {
    server.answers(
        200,
        """
        {"kind": "EventList", "apiVersion": "v1", "items": [
          {"reason": "FailedCreate", "message": "pods is forbidden: policy", "lastTimestamp": "x"}]}
        """);
    Attempt attempt = attempt(AttemptState.QUEUED);
    List<Job> jobs = List.of(batchJob("{}"));

    var young = (AttemptObservation.Waiting) observe(attempt, jobs, List.of());
    assertThat(young.reason()).isEqualTo("Starting");
    assertThat(young.lookAgain()).contains(Duration.ofSeconds(16));
    assertThat(server.calls()).isEmpty();

    now = NOW.plusSeconds(16);
    for (int second = 0; second < 60; second++) {
      var seen = (AttemptObservation.Waiting) observe(attempt, jobs, List.of());
      assertThat(seen.reason()).isEqualTo("PodRefused");
      assertThat(seen.message()).isEqualTo("pods is forbidden: policy");
      now = now.plusSeconds(1);
    }
    assertThat(server.calls()).containsExactly("GET events");

    observe(attempt, jobs, List.of());
    assertThat(server.calls()).containsExactly("GET events", "GET events");
  }

  @Test
  void eventsAreNotAskedForWhereThePodTells() {
    now = NOW.plusSeconds(16);
    Pod unschedulable =
        pod(
            "phase: Pending, conditions: [{type: PodScheduled, status: 'False', message: no node}]");

    observe(attempt(AttemptState.QUEUED), List.of(batchJob("{}")), List.of(unschedulable));

    assertThat(server.calls()).isEmpty();
  }

  private Optional<Sight> submit() {
    return submit(NOW.plusSeconds(10));
  }

  private Optional<Sight> submit(Instant until) {
    return backend.submit(
        new Start(
            job,
            PlacementPlan.of(job, settings),
            attempt(AttemptState.QUEUED),
            HERE,
            0,
            Optional.empty(),
            List.of(),
            until));
  }

  private AttemptObservation observe(Attempt attempt, List<Job> jobs, List<Pod> pods) {
    return backend
        .observe(job, PlacementPlan.of(job, settings), attempt, context(jobs, pods), now)
        .attempt();
  }

  @SuppressWarnings("unchecked")
  private static Context<FashionTrainingJob> context(List<Job> jobs, List<Pod> pods) {
    return (Context<FashionTrainingJob>)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (_, _, arguments) -> arguments[0] == Job.class ? Set.copyOf(jobs) : Set.copyOf(pods));
  }

  private Attempt attempt(AttemptState state) {
    return new Attempt(
        1,
        "here",
        Backend.CLUSTER,
        null,
        "job-1",
        state,
        "Starting",
        "",
        List.of(),
        "gs://bucket/runs/job/attempt-1",
        NOW.toString(),
        null,
        null,
        null);
  }

  private static Job batchJob(String status) {
    return Serialization.unmarshal(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: job-1, namespace: team, uid: u, creationTimestamp: "%s"}
        spec: {}
        status: %s
        """
            .formatted(NOW, status),
        Job.class);
  }

  private static Pod pod(String status) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: p
          namespace: team
          uid: p
          creationTimestamp: "%s"
          labels: {training.fashion-mnist.io/job-uid: uid, training.fashion-mnist.io/attempt: "1"}
        status: {%s}
        """
            .formatted(NOW, status),
        Pod.class);
  }

  private static FashionTrainingJob job() {
    FashionTrainingJob job = new FashionTrainingJob();
    job.setMetadata(
        new ObjectMetaBuilder()
            .withName("job")
            .withNamespace("team")
            .withUid("uid")
            .withGeneration(1L)
            .build());
    job.setSpec(
        new FashionTrainingJobSpec(
            null,
            null,
            null,
            null,
            new OutputSpec("gs://bucket/runs"),
            List.of(HERE),
            null,
            null,
            null));
    return job;
  }
}
