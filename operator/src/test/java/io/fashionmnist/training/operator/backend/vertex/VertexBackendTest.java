package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.aiplatform.v1.JobState;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Start;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.quota.Limit;
import io.fashionmnist.training.operator.quota.QuotaDemand;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import io.fashionmnist.training.operator.quota.QuotaScope;
import io.fashionmnist.training.operator.quota.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One attempt and a service that is late, loses answers, or is not there. Time is the test's. */
class VertexBackendTest {
  private static final OperatorSettings SETTINGS =
      new OperatorSettings(
          null,
          null,
          null,
          null,
          List.of(new Tenant(null, List.of("shop"), List.of("us-central1"), null, null, null)),
          null,
          null,
          null,
          null,
          null,
          null);

  private static final QuotaScope SCOPE = new QuotaScope("shop", "us-central1");
  private static final String CPUS = "custom_model_training_cpus";

  private final FashionTrainingJob job = job();
  private final PlacementPlan plan = PlacementPlan.of(job, SETTINGS);
  private final Placement placement = plan.eligible().getFirst();
  private final List<JobOwner> told = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final ServiceStandIn service = new ServiceStandIn(() -> now);
  private final QuotaLedger ledger = new QuotaLedger(() -> now, new Random(1));
  private final Postponed postponed = new Postponed(() -> now, new Random(1));
  private Runnable readLimits = () -> ledger.limits(SCOPE, Map.of(CPUS, new Limit.Of(8)));
  private RegionWatch watch;
  private VertexBackend backend = restart();
  private Attempt attempt = begun();

  @Test
  void aRetryWhoseAnswerIsLostIsLookedForBeforeAnother() {
    service.lag = Duration.ofSeconds(30);
    service.refuse(new VertexFailure.RateLimited("per minute"));
    service.loseTheAnswer();
    assertThat(reason(submit())).isEqualTo("RateLimited");
    pass(20);
    assertThat(observe()).isInstanceOf(AttemptObservation.Missing.class);
    attempt = attempt.retriedAt(now.toString());

    assertThat(reason(submit())).isEqualTo("Unconfirmed");

    for (int seconds = 0; seconds < 29; seconds++) {
      pass(1);
      assertThat(observe()).isInstanceOf(AttemptObservation.Waiting.class);
      assertThat(stopping()).isInstanceOf(AttemptObservation.Leaving.class);
    }
    pass(15);
    assertThat(reason(observe())).isEqualTo("Provisioning");
    assertThat(service.jobs).hasSize(1);
  }

  @Test
  void whatWasPutOffIsTriedAgainWhenItsTimeComes() {
    service.refuse(new VertexFailure.RateLimited("per minute"));
    submit();

    postponed.tellDue(told::add);
    assertThat(told).isEmpty();
    pass(20);
    told.clear();
    postponed.tellDue(told::add);
    postponed.tellDue(told::add);

    assertThat(told).containsExactly(owner());
  }

  @Test
  void anEndpointThatIsNotThereIsNotAskedForAJob() {
    service.down = true;

    AttemptObservation seen = submit();

    assertThat(seen)
        .isInstanceOfSatisfying(
            AttemptObservation.Waiting.class,
            waiting -> {
              assertThat(waiting.cause()).isEqualTo(Cause.CAPACITY);
              assertThat(waiting.reason()).isEqualTo(AttemptReason.NOT_REACHED);
            });
    assertThat(service.count("create")).isZero();
    attempt = attempt.as(AttemptState.QUEUED, AttemptReason.NOT_REACHED, "does not answer");
    for (int minute = 0; minute < 10; minute++) {
      pass(60);
      assertThat(reason(observe())).isEqualTo(AttemptReason.NOT_REACHED);
    }
    assertThat(stopping()).isInstanceOf(AttemptObservation.Missing.class);
    backend.stop(job, attempt);

    // Another process knows it from the attempt.
    backend = restart();
    pass(120);
    assertThat(reason(observe())).isEqualTo(AttemptReason.NOT_REACHED);
    service.down = false;
    pass(20);
    assertThat(observe()).isInstanceOf(AttemptObservation.Missing.class);
  }

  @Test
  void aCreateThatIsInDoubtStaysWhereItIsThoughTheEndpointIsDown() {
    service.loseTheAnswer();
    assertThat(reason(submit())).isEqualTo("Unconfirmed");
    service.down = true;
    pass(120);
    assertThat(observe()).isInstanceOf(AttemptObservation.Unreachable.class);
    assertThat(stopping()).isInstanceOf(AttemptObservation.Unreachable.class);
  }

  @Test
  void aRefusalNamesTheMetricTheLimitAndTheRegion() {
    service.refuse(new VertexFailure.Quota(List.of(CPUS), "quota exceeded"));

    assertThat(submit())
        .isInstanceOfSatisfying(
            AttemptObservation.Failed.class,
            failed ->
                assertThat(failed.message())
                    .contains(
                        "the limit of custom_model_training_cpus of shop in us-central1 is 8, and"
                            + " the job needs 4"));
  }

  @Test
  void whatSucceededWhileItWasGivenUpClosesNoQuota() {
    for (boolean succeeded : List.of(true, false)) {
      QuotaDemand demand = QuotaDemand.of(placement.vertex(), 1);
      ledger.admit(owner().key(), SCOPE, demand);
      Attempt given =
          attempt.as(AttemptState.STOPPING, AttemptReason.QUEUE_DEADLINE_EXCEEDED, "too late");
      backend.ended(
          job,
          given,
          succeeded
              ? new AttemptObservation.Succeeded(Optional.empty(), ReplicaStatus.NONE)
              : new AttemptObservation.Cancelled("cancelled", ReplicaStatus.NONE));
      assertThat(ledger.look(SCOPE, demand) instanceof Verdict.Admitted).isEqualTo(succeeded);
    }
  }

  @Test
  @Timeout(20)
  void aRefusalDoesNotWaitForLimitsThatNobodyTells() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    readLimits =
        () -> {
          try {
            told.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    service.refuse(new VertexFailure.Quota(List.of(CPUS), "quota exceeded"));

    assertThat(submit())
        .isInstanceOfSatisfying(
            AttemptObservation.Failed.class,
            failed ->
                assertThat(failed.message())
                    .startsWith("quota exceeded")
                    .doesNotContain("the limit of"));
    told.countDown();
  }

  @Test
  void anEndThatNoListHasShownIsFound() {
    service.lag = Duration.ofSeconds(70);
    service.loseTheAnswer();
    submit();
    String name = service.jobs.keySet().iterator().next();
    pass(30);
    service.put(name, JobState.JOB_STATE_SUCCEEDED);
    pass(20);
    assertThat(reason(observe())).isEqualTo("Starting");
    pass(80);
    assertThat(backend.observe(job, plan, attempt, null, now))
        .satisfies(
            sight -> {
              assertThat(sight.attempt()).isInstanceOf(AttemptObservation.Succeeded.class);
              assertThat(sight.externalName()).contains(name);
            });
  }

  @Test
  void whatIsOverIsAskedForByNameAndNotListed() {
    submit();
    pass(20);
    service.put(attempt.externalName(), JobState.JOB_STATE_SUCCEEDED);
    pass(20);
    assertThat(
            watch
                .watch(VertexRegion.of(attempt.location()), owner(), true)
                .jobs()
                .orElseThrow()
                .jobs())
        .isEmpty();
    // Cloud Storage does not answer here: an end waits a minute for its report.
    assertThat(observe()).isInstanceOf(AttemptObservation.Leaving.class);
    pass(60);
    assertThat(observe()).isInstanceOf(AttemptObservation.Succeeded.class);
    service.jobs.clear();
    assertThat(observe()).isInstanceOf(AttemptObservation.Missing.class);
  }

  private VertexBackend restart() {
    JobPoller poller =
        new JobPoller(
            service::list,
            "here",
            Duration.ofSeconds(10),
            () -> now,
            new Random(1),
            Runnable::run,
            _ -> {});
    watch = new RegionWatch(poller, () -> now, told::add, _ -> true, _ -> {}, (_, _) -> {});
    CloudStorage storage =
        new CloudStorage(
            Optional.of("http://127.0.0.1:1"), new OutboundCalls(new SimpleMeterRegistry()));
    return new VertexBackend(
        "here",
        service,
        watch,
        new VertexRoom(
            ledger,
            _ -> Set.of(),
            _ -> readLimits.run(),
            new BucketRegions(Map.of("b", "us-central1"), _ -> Optional.empty(), () -> now),
            () -> now),
        new ReportFollower(storage, (_, _) -> {}),
        service.calls.isEmpty() ? postponed : new Postponed(() -> now, new Random(1)),
        new JobChanges(),
        () -> now);
  }

  private AttemptObservation submit() {
    Sight sight =
        backend
            .submit(
                new Start(
                    job,
                    plan,
                    attempt,
                    placement,
                    3,
                    Optional.empty(),
                    List.of(),
                    now.plusSeconds(20)))
            .orElseThrow();
    attempt = sight.externalName().map(attempt::named).orElse(attempt);
    return sight.attempt();
  }

  private AttemptObservation observe() {
    return backend.observe(job, plan, attempt, null, now).attempt();
  }

  /** What is seen of the attempt if it is being ended. */
  private AttemptObservation stopping() {
    Attempt ending = attempt.as(AttemptState.STOPPING, "Suspended", "suspended");
    return backend.observe(job, plan, ending, null, now).attempt();
  }

  private void pass(int seconds) {
    now = now.plusSeconds(seconds);
    watch.tick();
  }

  private static String reason(AttemptObservation seen) {
    return ((AttemptObservation.Waiting) seen).reason();
  }

  private JobOwner owner() {
    return CustomJobs.owner(job, attempt.number());
  }

  private Attempt begun() {
    return new Attempt(
        1,
        placement.name(),
        Backend.VERTEX,
        "projects/shop/locations/us-central1",
        null,
        AttemptState.QUEUED,
        "Starting",
        "",
        List.of(),
        "gs://b/runs/attempt-1",
        now.toString(),
        null,
        null,
        null);
  }

  private static FashionTrainingJob job() {
    return Serialization.unmarshal(
        """
        apiVersion: training.fashion-mnist.io/v1alpha1
        kind: FashionTrainingJob
        metadata: {name: job, namespace: team, uid: 0f8fad5b-d9cb-469f-a165-70867728950e}
        spec:
          output: {uri: gs://b/runs}
          placements:
            - {name: central, vertex: {project: shop, region: us-central1, machineType: n1-standard-4}}
        """,
        FashionTrainingJob.class);
  }
}
