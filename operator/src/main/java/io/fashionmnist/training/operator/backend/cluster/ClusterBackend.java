package io.fashionmnist.training.operator.backend.cluster;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.CleanPodPolicy;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.Backend;
import io.fashionmnist.training.operator.backend.Prospect;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Start;
import io.fashionmnist.training.operator.backend.Stray;
import io.fashionmnist.training.operator.cache.TrimmedStore;
import io.fashionmnist.training.operator.cache.Trims;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs attempts as Jobs of this cluster. There is always room to ask for: the scheduler tells. */
public final class ClusterBackend implements Backend {
  /**
   * A Job that has no pod by then, or a pod that has not started, may have been refused; before,
   * who makes it is just busy.
   */
  private static final Duration PODLESS = Duration.ofSeconds(15);

  private static final int CONFLICT = 409;

  private final OperatorSettings settings;
  private final KubernetesClient client;
  private final InstantSource clock;
  private final ProgressAuthority progress;
  private final TrainerJob trainerJob;
  private final ToldRefusals refusals;
  private final JobObserver observer = new JobObserver();

  public ClusterBackend(
      OperatorSettings settings,
      KubernetesClient client,
      InstantSource clock,
      ProgressAuthority progress) {
    this.settings = settings;
    this.client = client;
    this.clock = clock;
    this.progress = progress;
    trainerJob = new TrainerJob(settings);
    refusals = new ToldRefusals(client);
  }

  @Override
  public List<EventSource<?, FashionTrainingJob>> eventSources(
      EventSourceContext<FashionTrainingJob> context) {
    String ours = Labels.INSTALLATION + "=" + settings.installation();
    return List.of(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Job.class, FashionTrainingJob.class)
                .withLabelSelector(ours)
                .withComparableResourceVersion(false)
                .withItemStore(new TrimmedStore<>(Trims::job))
                .withInformerListLimit(TrimmedStore.PAGE)
                .build(),
            context),
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, FashionTrainingJob.class)
                .withLabelSelector(ours)
                .withComparableResourceVersion(false)
                .withItemStore(new TrimmedStore<>(Trims::pod))
                .withInformerListLimit(TrimmedStore.PAGE)
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
  public Admission admission(PlacementPlan plan, Placement placement) {
    return new Admission.Open();
  }

  @Override
  public Prospect prospect(PlacementPlan plan, Placement placement) {
    return new Prospect(admission(plan, placement), Optional.empty(), List.of());
  }

  @Override
  public boolean reserve(FashionTrainingJob job, Placement placement, int attempt) {
    return true;
  }

  @Override
  public void release(FashionTrainingJob job, int attempt) {}

  @Override
  public void ended(FashionTrainingJob job, Attempt attempt, AttemptObservation how) {}

  @Override
  public AttemptName name(FashionTrainingJob job, Placement placement, int attempt) {
    return new AttemptName(
        Optional.empty(),
        Optional.of(Labels.jobName(settings.installation(), job.getMetadata(), attempt)));
  }

  /** Creates an attempt's Job; one of that name that is already there is the attempt's own. */
  @Override
  public Optional<Sight> submit(Start start) {
    Job desired =
        trainerJob.desired(
            start.job(),
            start.plan(),
            start.attempt(),
            start.placement().cluster(),
            start.failuresLeft(),
            start.resumeFrom(),
            progress.certificates());
    try {
      return create(desired, Duration.between(clock.instant(), start.until()));
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT) {
        return Optional.empty();
      }
      Duration waited =
          Duration.between(Instant.parse(start.attempt().startTime()), clock.instant());
      return Optional.of(
          Sight.of(Refusal.of(e).map(refusal -> refusal.seen(waited)).orElseThrow(() -> e)));
    }
  }

  /**
   * Neither the call nor any repetition of it lasts beyond the attempt's time: others may have gone
   * on without it then.
   */
  private Optional<Sight> create(Job desired, Duration left) {
    if (!left.isPositive()) {
      return Optional.of(
          Sight.of(JobObserver.starting(ReplicaStatus.NONE).again(Duration.ofSeconds(1))));
    }
    var request =
        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
            .withRequestTimeout(Math.toIntExact(left.toMillis()))
            .withRequestRetryBackoffLimit(0)
            .build();
    client
        .adapt(NamespacedKubernetesClient.class)
        .withRequestConfig(request)
        .call(once -> once.resource(desired).create());
    return Optional.empty();
  }

  @Override
  public boolean exists(FashionTrainingJob job, Attempt attempt) {
    // Of an attempt that is over, only what still runs holds the next one up.
    boolean over = !attempt.state().live();
    return live(job, attempt).filter(each -> !over || !StrayJobs.ended(each)).isPresent()
        || pods(job, attempt).stream().anyMatch(ClusterBackend::active);
  }

  private static boolean active(Pod pod) {
    return pod.getStatus() == null
        || !List.of("Succeeded", "Failed").contains(pod.getStatus().getPhase());
  }

  private List<Pod> pods(FashionTrainingJob job, Attempt attempt) {
    return client
        .pods()
        .inNamespace(job.getMetadata().getNamespace())
        .withLabel(Labels.JOB_UID, job.getMetadata().getUid())
        .withLabel(Labels.ATTEMPT, attempt.number().toString())
        .list()
        .getItems();
  }

  @Override
  public Sight observe(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      Context<FashionTrainingJob> context,
      Instant now) {
    String uid = job.getMetadata().getUid();
    String number = attempt.number().toString();
    Optional<Job> batchJob =
        context.getSecondaryResources(Job.class).stream()
            .filter(each -> each.getMetadata().getName().equals(attempt.externalName()))
            .findFirst();
    List<Pod> pods =
        context.getSecondaryResources(Pod.class).stream()
            .filter(pod -> uid.equals(pod.getMetadata().getLabels().get(Labels.JOB_UID)))
            .filter(pod -> number.equals(pod.getMetadata().getLabels().get(Labels.ATTEMPT)))
            .toList();
    return Sight.of(
        mayBeUnseen(attempt) && batchJob.isEmpty()
            ? observed(live(job, attempt), pods(job, attempt), attempt, now)
            : observed(batchJob, pods, attempt, now));
  }

  /**
   * That an attempt is gone ends it: a view that lags must not tell that. One that was just begun
   * is looked for before it is begun again.
   */
  private static boolean mayBeUnseen(Attempt attempt) {
    return attempt.state().live() && attempt.state() != AttemptState.QUEUED;
  }

  private AttemptObservation observed(
      Optional<Job> job, List<Pod> pods, Attempt attempt, Instant now) {
    AttemptObservation silent = observer.observe(job, pods, Optional.empty());
    Optional<HasMetadata> held = held(silent, job, pods).filter(_ -> attempt.state().live());
    if (held.isEmpty()) {
      return silent;
    }
    Instant due = Instant.parse(held.get().getMetadata().getCreationTimestamp()).plus(PODLESS);
    AttemptObservation told =
        due.isAfter(now) ? silent : observer.observe(job, pods, refusals.about(held.get(), now));
    Duration again =
        due.isAfter(now)
            ? Duration.between(now, due).plusSeconds(1)
            : ToldRefusals.REMEMBERED.plusSeconds(1);
    return told instanceof AttemptObservation.Waiting waiting ? waiting.again(again) : told;
  }

  /** What may be held up by something that Events alone tell. */
  private static Optional<HasMetadata> held(
      AttemptObservation silent, Optional<Job> job, List<Pod> pods) {
    Optional<HasMetadata> pending =
        pods.stream()
            .filter(pod -> new TrainerPod(pod).pending())
            .<HasMetadata>map(pod -> pod)
            .findFirst();
    return switch (silent) {
      case AttemptObservation.Waiting waiting when waiting.cause() == Cause.STARTING ->
          pods.isEmpty() ? job.map(each -> each) : pending;
      case AttemptObservation.Restarting _ -> pending;
      case AttemptObservation.Missing _,
          AttemptObservation.Unreachable _,
          AttemptObservation.Leaving _,
          AttemptObservation.Waiting _,
          AttemptObservation.Running _,
          AttemptObservation.Succeeded _,
          AttemptObservation.Cancelled _,
          AttemptObservation.Failed _ ->
          Optional.empty();
    };
  }

  private Optional<Job> live(FashionTrainingJob job, Attempt attempt) {
    return live(job, attempt.externalName());
  }

  private Optional<Job> live(FashionTrainingJob job, String name) {
    return Optional.ofNullable(
        client
            .batch()
            .v1()
            .jobs()
            .inNamespace(job.getMetadata().getNamespace())
            .withName(name)
            .get());
  }

  @Override
  public List<Stray> strays(FashionTrainingJob job, Context<FashionTrainingJob> context) {
    return StrayJobs.of(job.currentStatus(), context.getSecondaryResources(Job.class));
  }

  @Override
  public void endStray(FashionTrainingJob job, Stray stray) {
    live(job, stray.externalName())
        .filter(each -> StrayJobs.of(job.currentStatus(), List.of(each)).contains(stray))
        .ifPresent(_ -> deleteJob(job, stray.externalName()));
  }

  /** Deletes an attempt's Job; its pods get SIGTERM and go with it. */
  @Override
  public void stop(FashionTrainingJob job, Attempt attempt) {
    deleteJob(job, attempt.externalName());
  }

  private void deleteJob(FashionTrainingJob job, String name) {
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace(job.getMetadata().getNamespace())
        .withName(name)
        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
        .delete();
  }

  /** Deletes an attempt's pods, as far as the job's cleanPodPolicy says, leaving its Job. */
  @Override
  public void deletePods(FashionTrainingJob job, Attempt attempt) {
    boolean all = job.getSpec().runPolicy().cleanPodPolicy() == CleanPodPolicy.ALL;
    // One by one: a selector would ask for the right to delete collections.
    pods(job, attempt).stream()
        .filter(pod -> all || active(pod))
        .forEach(pod -> client.resource(pod).delete());
  }

  @Override
  public void delete(FashionTrainingJob job, Attempt attempt) {
    stop(job, attempt);
  }
}
