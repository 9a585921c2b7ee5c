package io.fashionmnist.training.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.cluster.ClusterBackend;
import io.fashionmnist.training.operator.backend.cluster.JobObserver;
import io.fashionmnist.training.operator.backend.cluster.Labels;
import io.fashionmnist.training.operator.backend.cluster.ProgressAuthority;
import io.fashionmnist.training.operator.backend.cluster.TrainerJob;
import io.fashionmnist.training.operator.cache.JobStore;
import io.fashionmnist.training.operator.cache.TrimmedStore;
import io.fashionmnist.training.operator.cache.Trims;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.event.EventRecorder;
import io.fashionmnist.training.operator.event.Reason;
import io.fashionmnist.training.operator.metric.JobMetrics;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.status.StatusWriter;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurableReconciler;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Brings a job forward by one step: observe, decide, act, report.
 *
 * <p>Caches may be stale and the process may end between any two lines: what an attempt is called
 * depends on the job and its number alone, the intent is written before the effect, and a write on
 * a stale view is refused.
 */
@ControllerConfiguration(
    name = "fashiontrainingjob",
    // With versions compared, the SDK at times drops others' events, deletions included.
    informer = @Informer(comparableResourceVersions = false, itemStore = JobStore.class),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 500, maxInterval = 30_000)
@Singleton
public final class JobReconciler implements ConfigurableReconciler<FashionTrainingJob> {
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final Duration SOON = Duration.ofMillis(100);

  /**
   * A Job that has no pod by then, or a pod that has not started, may have been refused; before,
   * who makes it is just busy.
   */
  private static final Duration PODLESS = Duration.ofSeconds(15);

  /** Passes at once: more would only queue at the API server. */
  private static final int PASSES = 64;

  /** A view that lags does so because there is much to do: asking at once again adds to it. */
  private static final Duration AFTER_CONFLICT = Duration.ofSeconds(1);

  private final OperatorSettings settings;
  private final InstantSource clock;
  private final ClusterBackend cluster;
  private final TrainerJob trainerJob;
  private final ProgressAuthority progress;
  private final JobMetrics metrics;
  private final EventRecorder events;
  private final StatusWriter writer;
  private final KubernetesClient client;
  private final Semaphore passes = new Semaphore(PASSES);
  private final JobObserver observer = new JobObserver();
  private final Decider decider = new Decider();
  private final StatusFactory statuses;

  public JobReconciler(
      OperatorSettings settings,
      InstantSource clock,
      KubernetesClient client,
      EventRecorder events,
      ProgressAuthority progress,
      JobMetrics metrics) {
    this.settings = settings;
    this.clock = clock;
    this.client = client;
    this.events = events;
    this.progress = progress;
    this.metrics = metrics;
    cluster = new ClusterBackend(client);
    trainerJob = new TrainerJob(settings);
    writer = new StatusWriter(client);
    statuses = new StatusFactory(settings.installation());
  }

  /**
   * Nothing is changed; but only what may be configured here is bound to the SDK's configuration as
   * it was customized, and runs its passes on the threads that were chosen there.
   */
  @Override
  public void updateConfigurationFrom(
      ControllerConfigurationOverrider<FashionTrainingJob> overrider) {}

  @Override
  public List<EventSource<?, FashionTrainingJob>> prepareEventSources(
      EventSourceContext<FashionTrainingJob> context) {
    String ours = Labels.INSTALLATION + "=" + settings.installation();
    return List.of(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Job.class, FashionTrainingJob.class)
                .withLabelSelector(ours)
                .withComparableResourceVersion(false)
                .withItemStore(new TrimmedStore<>(Trims::job))
                .build(),
            context),
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, FashionTrainingJob.class)
                .withLabelSelector(ours)
                .withComparableResourceVersion(false)
                .withItemStore(new TrimmedStore<>(Trims::pod))
                .withSecondaryToPrimaryMapper(
                    pod ->
                        Set.of(
                            new ResourceID(
                                pod.getMetadata().getLabels().get(Labels.JOB),
                                pod.getMetadata().getNamespace())))
                .build(),
            context));
  }

  @Override
  public UpdateControl<FashionTrainingJob> reconcile(
      FashionTrainingJob job, Context<FashionTrainingJob> context) {
    passes.acquireUninterruptibly();
    try {
      return pass(job, context, clock.instant());
    } finally {
      passes.release();
    }
  }

  private UpdateControl<FashionTrainingJob> pass(
      FashionTrainingJob job, Context<FashionTrainingJob> context, Instant now) {
    Observation observation = observe(job, context, now);
    Decision decision = decider.decide(observation, now);
    try {
      return again(carryOut(observation, decision, now));
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT) {
        // Someone wrote in between: look again, and decide on what is there then.
        return again(Optional.of(AFTER_CONFLICT));
      }
      if (e.getCode() == NOT_FOUND || terminatingNamespace(e)) {
        return UpdateControl.noUpdate();
      }
      throw e;
    }
  }

  private static UpdateControl<FashionTrainingJob> again(Optional<Duration> after) {
    UpdateControl<FashionTrainingJob> control = UpdateControl.noUpdate();
    return after.isPresent() ? control.rescheduleAfter(after.get()) : control;
  }

  private static boolean terminatingNamespace(KubernetesClientException e) {
    return e.getCode() == 403 && String.valueOf(e.getMessage()).contains("being terminated");
  }

  private Observation observe(
      FashionTrainingJob job, Context<FashionTrainingJob> context, Instant now) {
    PlacementPlan plan = PlacementPlan.of(job, settings);
    Optional<Attempt> newest =
        job.currentStatus().attempts().isEmpty()
            ? Optional.empty()
            : Optional.of(job.currentStatus().attempts().getLast());
    AttemptObservation seen =
        newest
            .map(attempt -> observe(job, attempt, context, now))
            .orElse(new AttemptObservation.Missing());
    return new Observation(job, plan, seen);
  }

  private AttemptObservation observe(
      FashionTrainingJob job, Attempt attempt, Context<FashionTrainingJob> context, Instant now) {
    String uid = job.getMetadata().getUid();
    Optional<Job> batchJob =
        context.getSecondaryResources(Job.class).stream()
            .filter(each -> each.getMetadata().getName().equals(attempt.externalName()))
            .findFirst();
    List<Pod> pods =
        context.getSecondaryResources(Pod.class).stream()
            .filter(pod -> uid.equals(pod.getMetadata().getLabels().get(Labels.JOB_UID)))
            .filter(
                pod ->
                    attempt
                        .number()
                        .toString()
                        .equals(pod.getMetadata().getLabels().get(Labels.ATTEMPT)))
            .toList();
    Optional<String> refused =
        (pods.isEmpty() ? batchJob : pods.stream().filter(JobReconciler::pending).findFirst())
            .filter(_ -> attempt.state().live())
            .filter(
                each ->
                    Instant.parse(each.getMetadata().getCreationTimestamp())
                        .plus(PODLESS)
                        .isBefore(now))
            .flatMap(cluster::refusal);
    return observer.observe(batchJob, pods, refused);
  }

  private static boolean pending(Pod pod) {
    return pod.getStatus() == null || "Pending".equals(pod.getStatus().getPhase());
  }

  /** Acts and reports, in the order that the decision needs; returns when to look again. */
  private Optional<Duration> carryOut(Observation observation, Decision decision, Instant now) {
    FashionTrainingJob job = observation.job();
    String namespace = job.getMetadata().getNamespace();
    return switch (decision) {
      case Decision.Ignore(var lookAgain) -> lookAgain;
      case Decision.Begin(Placement placement, _) -> {
        if (observation.last().filter(last -> exists(job, last)).isPresent()) {
          yield Optional.of(Duration.ofSeconds(1));
        }
        FashionTrainingJob written = report(observation, decision, now);
        submit(written, observation.plan(), placement);
        // The Job's events come by themselves; this is for the one whose event is lost.
        yield Optional.of(Decider.SETTLE);
      }
      case Decision.Submit(Placement placement) -> {
        resubmit(observation, placement);
        yield Optional.of(Decider.SETTLE);
      }
      case Decision.Note(_, _, _, var lookAgain) -> {
        report(observation, decision, now);
        boolean starting =
            observation.attempt()
                    instanceof AttemptObservation.Waiting(var cause, _, _, var replicas)
                && cause == AttemptObservation.Cause.STARTING
                && replicas.active() == 0;
        // Why no pod comes is told by an Event, which nothing here watches.
        yield starting ? Optional.of(PODLESS.plusSeconds(1)) : lookAgain;
      }
      case Decision.Stop _ -> {
        Attempt attempt = observation.active().orElseThrow();
        report(observation, decision, now);
        cluster.stop(namespace, attempt.externalName());
        yield Optional.of(Duration.ofSeconds(10));
      }
      case Decision.End _ -> {
        report(observation, decision, now);
        yield Optional.of(SOON);
      }
      case Decision.Pause(Instant until, _) -> {
        report(observation, decision, now);
        yield Optional.of(Duration.between(now, until));
      }
      case Decision.Suspend _ -> {
        report(observation, decision, now);
        yield Optional.empty();
      }
      case Decision.Finish _ -> {
        report(withFinalReport(observation), decision, now);
        yield Optional.of(SOON);
      }
      case Decision.CleanUp(Decision.Leftover leftover, var lookAgain) -> {
        Attempt last = observation.last().orElseThrow();
        switch (leftover) {
          case PODS -> cluster.deletePods(namespace, job.getMetadata().getUid(), last.number());
          case JOB -> cluster.stop(namespace, last.externalName());
        }
        yield lookAgain;
      }
    };
  }

  private boolean exists(FashionTrainingJob job, Attempt attempt) {
    var metadata = job.getMetadata();
    return cluster.exists(
        metadata.getNamespace(), attempt.externalName(), metadata.getUid(), attempt.number());
  }

  private void submit(FashionTrainingJob job, PlacementPlan plan, Placement placement) {
    FashionTrainingJobStatus status = job.currentStatus();
    Attempt attempt = status.attempts().getLast();
    cluster.submit(
        trainerJob.desired(
            job,
            plan,
            attempt,
            placement.cluster(),
            Math.max(0, job.getSpec().runPolicy().backoffLimit() - status.failureCount()),
            resumeFrom(status, attempt),
            progress.certificates()));
  }

  /** The newest earlier attempt that may have left a checkpoint. */
  private static Optional<String> resumeFrom(FashionTrainingJobStatus status, Attempt attempt) {
    Integer reported = status.training() == null ? null : status.training().attempt();
    return status.attempts().reversed().stream()
        .filter(each -> each.number() < attempt.number())
        .filter(each -> each.state() == AttemptState.SUSPENDED || each.number().equals(reported))
        .map(Attempt::outputUri)
        .findFirst();
  }

  private void resubmit(Observation observation, Placement placement) {
    Attempt attempt = observation.active().orElseThrow();
    if (exists(observation.job(), attempt)) {
      return;
    }
    FashionTrainingJob live = client.resource(observation.job()).get();
    boolean stillWanted =
        live != null
            && live.getMetadata().getUid().equals(observation.job().getMetadata().getUid())
            && live.getMetadata().getDeletionTimestamp() == null
            && attempt.number().equals(live.currentStatus().activeAttempt())
            && live.currentStatus().attempts().getLast().state() == AttemptState.QUEUED;
    if (stillWanted) {
      submit(live, observation.plan(), placement);
    }
  }

  /** The trainer's last word, should none of its posts have come. */
  private Observation withFinalReport(Observation observation) {
    Optional<TrainingReport> last =
        switch (observation.attempt()) {
          case AttemptObservation.Succeeded(var report, _) -> report;
          case AttemptObservation.Failed(_, _, _, var report, _) -> report;
          case AttemptObservation.Missing _,
              AttemptObservation.Leaving _,
              AttemptObservation.Waiting _,
              AttemptObservation.Running _,
              AttemptObservation.Restarting _ ->
              Optional.empty();
        };
    TrainingReport known = observation.status().training();
    if (last.isEmpty()
        || (known != null && known.test() != null)
        || observation.active().isEmpty()) {
      return observation;
    }
    writer.writeTraining(observation.job(), last.get());
    FashionTrainingJob written = client.resource(observation.job()).get();
    return new Observation(written, observation.plan(), observation.attempt());
  }

  /** Writes the status if it differs, and tells what happened in an Event. */
  private FashionTrainingJob report(Observation observation, Decision decision, Instant now) {
    FashionTrainingJobStatus before = observation.status();
    FashionTrainingJobStatus after = statuses.status(observation, decision, now);
    if (after.equals(before)) {
      return observation.job();
    }
    FashionTrainingJob written = writer.write(observation.job(), after);
    metrics.changed(before, after, now);
    told(decision, before)
        .ifPresent(reason -> events.record(written, reason, after.attemptCount(), message(after)));
    return written;
  }

  private static String message(FashionTrainingJobStatus status) {
    return status.conditions().stream()
        .filter(condition -> condition.type().equals("Running"))
        .map(condition -> condition.message())
        .findFirst()
        .orElse("");
  }

  private static Optional<Reason> told(Decision decision, FashionTrainingJobStatus before) {
    return switch (decision) {
      case Decision.Begin _ -> Optional.of(Reason.ATTEMPT_STARTED);
      case Decision.Note(AttemptState state, String reason, _, _) ->
          switch (state) {
            case RUNNING ->
                before.phase() == Phase.RUNNING ? Optional.empty() : Optional.of(Reason.TRAINING);
            case RESTARTING -> Optional.of(Reason.RESTARTING);
            case QUEUED ->
                "Starting".equals(reason) ? Optional.empty() : Optional.of(Reason.WAITING);
            case STOPPING, SUCCEEDED, FAILED, SUSPENDED, OUT_OF_CAPACITY -> Optional.empty();
          };
      case Decision.Stop(StopReason reason, _) ->
          reason == StopReason.QUEUE_DEADLINE ? Optional.of(Reason.FALLING_BACK) : Optional.empty();
      case Decision.End(AttemptState state, _, _, _) ->
          state == AttemptState.SUSPENDED
              ? Optional.of(Reason.SUSPENDED)
              : state == AttemptState.FAILED ? Optional.of(Reason.RESTARTING) : Optional.empty();
      case Decision.Finish(Phase phase, _, _) ->
          Optional.of(phase == Phase.SUCCEEDED ? Reason.SUCCEEDED : Reason.FAILED);
      case Decision.Ignore _,
          Decision.Submit _,
          Decision.Pause _,
          Decision.Suspend _,
          Decision.CleanUp _ ->
          Optional.empty();
    };
  }
}
