package io.fashionmnist.training.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.apiserver.ApiServerStub;
import io.fashionmnist.training.operator.backend.Backend;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.backend.cluster.ClusterBackend;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.event.EventRecorder;
import io.fashionmnist.training.operator.metric.JobCensus;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.fashionmnist.training.operator.metric.Passes;
import io.fashionmnist.training.operator.registry.Registrar;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In which order a pass does what it does. */
class JobReconcilerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

  private final ApiServerStub server = new ApiServerStub();
  private final InstantSource clock = () -> NOW;
  private final OperatorSettings settings = OperatorSettings.defaults();
  private final Registrar registrar =
      new Registrar(
          settings,
          "test",
          _ -> Optional.empty(),
          new OutboundCalls(new SimpleMeterRegistry()),
          clock,
          new Random(1));

  @AfterEach
  void stop() {
    registrar.close();
    server.close();
  }

  @Test
  void anAttemptIsWrittenThenMadeThenTold() {
    String begun =
        """
        activeAttempt: 1
        attemptCount: 1
        attempts: [{number: 1, placement: here, backend: Cluster, externalName: job-1, state: Queued,
          reason: Starting, outputUri: "gs://b/runs", startTime: "2026-01-01T00:01:00Z"}]
        """;
    server.answers(200, Serialization.asJson(job(begun)));

    reconciler(cluster()).reconcile(job(""), context(List.of(), List.of()));

    assertThat(server.calls()).containsExactly("PATCH status", "POST jobs", "POST events");
  }

  /** Refused before its first attempt, then edited: it is a job that begins. */
  @Test
  void anEditedJobIsLookedForRoomFor() {
    Backends backends = new Backends(cluster(), cluster());
    var observer = new Observer(settings, backends, registrar);
    FashionTrainingJob refused = job("phase: Failed\nattemptCount: 0\nobservedGeneration: 1\n");
    FashionTrainingJob edited = job("phase: Failed\nattemptCount: 0\nobservedGeneration: 0\n");

    var context = context(List.of(), List.of());
    assertThat(observer.observe(refused, context, NOW).admissions()).isEmpty();
    assertThat(observer.observe(edited, context, NOW).admissions()).containsKey("here");
  }

  @Test
  void aReportOfAnEarlierAttemptIsNoFinalReport() {
    finish(1, "training: {attempt: 1, epoch: 3}");

    assertThat(server.bodies()).noneMatch(body -> body.contains("\"training\""));
  }

  @Test
  void anEarlierAttemptsResultDoesNotStandInTheWayOfTheLast() {
    finish(2, "training: {attempt: 1, epoch: 3, test: {accuracy: 0.5}}");

    assertThat(server.bodies()).anyMatch(body -> body.contains("\"training\""));
  }

  @Test
  void whatWasPostedIsNotWrittenAgain() {
    finish(2, "training: {attempt: 2, epoch: 3, test: {accuracy: 0.5}}");

    assertThat(server.bodies()).noneMatch(body -> body.contains("\"training\""));
  }

  /** The job's end does not depend on what its trainer has to say of it. */
  @Test
  void aLastReportThatTheApiServerDoesNotTakeIsLeftOut() {
    server.refuses(body -> body.contains("\"training\""), 413);

    finish(2, "training: {attempt: 2, epoch: 3}");

    assertThat(server.bodies()).anyMatch(body -> body.contains("\"phase\":\"Succeeded\""));
  }

  /** Attempt 2 is over; its pod's last word is a report of some attempt. */
  private void finish(int reported, String training) {
    FashionTrainingJob job =
        job(
            """
            phase: Running
            activeAttempt: 2
            attemptCount: 2
            startTime: "2026-01-01T00:00:00Z"
            attempts: [{number: 2, placement: here, backend: Cluster, externalName: job-2,
              state: Running, outputUri: "gs://b/runs", startTime: "2026-01-01T00:00:00Z"}]
            """
                + training
                + "\n");
    server.answers(200, Serialization.asJson(job));
    Job done =
        Serialization.unmarshal(
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: job-2, labels: {training.fashion-mnist.io/attempt: "2"}}
            status: {conditions: [{type: Complete, status: "True"}]}
            """,
            Job.class);
    Pod pod =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: job-2-x
              labels: {training.fashion-mnist.io/job-uid: uid, training.fashion-mnist.io/attempt: "2"}
            status:
              phase: Succeeded
              containerStatuses:
                - name: trainer
                  state: {terminated: {exitCode: 0, message: '{"exitCode": 0, "report":
                    {"attempt": %d, "epoch": 3, "test": {"accuracy": 0.9}}}'}}
            """
                .formatted(reported),
            Pod.class);

    reconciler(cluster()).reconcile(job, context(List.of(done), List.of(pod)));
  }

  /** Invariant 7: a slow Vertex never delays jobs in the cluster. */
  @Test
  void passesThatWaitForVertexHoldUpNobody() {
    server.answers(200, Serialization.asJson(job("")));
    CountDownLatch answered = new CountDownLatch(1);
    AtomicInteger waiting = new AtomicInteger();
    JobReconciler reconciler = reconciler(vertex(answered, waiting));
    FashionTrainingJob outside =
        job(
            """
            phase: Running
            activeAttempt: 1
            attemptCount: 1
            attempts: [{number: 1, placement: there, backend: Vertex, state: Running,
              location: projects/p/locations/r, startTime: "2026-01-01T00:00:00Z"}]
            """);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, 200)
          .forEach(
              _ ->
                  threads.submit(
                      () -> reconciler.reconcile(outside, context(List.of(), List.of()))));
      try {
        await().until(() -> waiting.get() == 200);

        var here =
            threads.submit(() -> reconciler.reconcile(job(""), context(List.of(), List.of())));
        await().until(here::isDone);
      } finally {
        answered.countDown();
      }
    }
  }

  private JobReconciler reconciler(Backend vertex) {
    return new JobReconciler(
        settings,
        clock,
        server.client(),
        new EventRecorder(server.client(), clock, "test", Runnable::run),
        new Backends(cluster(), vertex),
        registrar,
        new JobCensus(clock),
        new Passes(new SimpleMeterRegistry()),
        _ -> {});
  }

  private Backend cluster() {
    return new ClusterBackend(settings, server.client(), clock, Optional::empty);
  }

  /** One that answers when it is told to. */
  private static Backend vertex(CountDownLatch answered, AtomicInteger waiting) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (_, method, _) -> {
              if (method.getName().equals("strays")) {
                return List.of();
              }
              waiting.incrementAndGet();
              answered.await();
              throw new UnsupportedOperationException(method.getName());
            });
  }

  @SuppressWarnings("unchecked")
  private static Context<FashionTrainingJob> context(List<Job> jobs, List<Pod> pods) {
    return (Context<FashionTrainingJob>)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (_, method, arguments) ->
                method.getName().equals("isPrimaryResourceDeleted")
                    ? false
                    : arguments[0] == Job.class ? Set.copyOf(jobs) : Set.copyOf(pods));
  }

  private static FashionTrainingJob job(String status) {
    return Serialization.unmarshal(
        """
        apiVersion: training.fashion-mnist.io/v1alpha1
        kind: FashionTrainingJob
        metadata: {name: job, namespace: team, uid: uid, generation: 1, resourceVersion: "7"}
        spec:
          output: {uri: "gs://bucket/runs"}
          placements: [{name: here, cluster: {}}]
        status:
        %s
        """
            .formatted(status.isBlank() ? "  {}" : status.indent(2)),
        FashionTrainingJob.class);
  }
}
