package io.fashionmnist.training.operator.backend.cluster;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.Backend;
import io.fashionmnist.training.operator.backend.Prospect;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Start;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs attempts as Jobs of this cluster. There is always room to ask for: the scheduler tells. */
public final class ClusterBackend implements Backend {
  /**
   * A Job that has no pod by then, or a pod that has not started, may have been refused; before,
   * who makes it is just busy.
   */
  public static final Duration PODLESS = Duration.ofSeconds(15);

  private static final int CONFLICT = 409;

  /** The Job controller's, and the kubelet's where the pod's own status is silent. */
  private static final Set<String> REFUSALS =
      Set.of("FailedCreate", "FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox");

  private final OperatorSettings settings;
  private final KubernetesClient client;
  private final ProgressAuthority progress;
  private final TrainerJob trainerJob;
  private final JobObserver observer = new JobObserver();

  public ClusterBackend(
      OperatorSettings settings, KubernetesClient client, ProgressAuthority progress) {
    this.settings = settings;
    this.client = client;
    this.progress = progress;
    trainerJob = new TrainerJob(settings);
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
      client.resource(desired).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean exists(FashionTrainingJob job, Attempt attempt) {
    String namespace = job.getMetadata().getNamespace();
    return client.batch().v1().jobs().inNamespace(namespace).withName(attempt.externalName()).get()
            != null
        || pods(job, attempt).stream()
            .anyMatch(
                pod ->
                    pod.getStatus() == null
                        || !List.of("Succeeded", "Failed").contains(pod.getStatus().getPhase()));
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
        (pods.isEmpty() ? batchJob : pods.stream().filter(ClusterBackend::pending).findFirst())
            .filter(_ -> attempt.state().live())
            .filter(
                each ->
                    Instant.parse(each.getMetadata().getCreationTimestamp())
                        .plus(PODLESS)
                        .isBefore(now))
            .flatMap(this::refusal);
    return Sight.of(observer.observe(batchJob, pods, refused));
  }

  private static boolean pending(Pod pod) {
    return pod.getStatus() == null || "Pending".equals(pod.getStatus().getPhase());
  }

  /** Deletes an attempt's Job; its pods get SIGTERM and go with it. */
  @Override
  public void stop(FashionTrainingJob job, Attempt attempt) {
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace(job.getMetadata().getNamespace())
        .withName(attempt.externalName())
        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
        .delete();
  }

  /** Deletes an attempt's pods, leaving its Job. */
  @Override
  public void deletePods(FashionTrainingJob job, Attempt attempt) {
    // One by one: a selector would ask for the right to delete collections.
    pods(job, attempt).forEach(pod -> client.resource(pod).delete());
  }

  @Override
  public void delete(FashionTrainingJob job, Attempt attempt) {
    stop(job, attempt);
  }

  /** Why a Job has no pod, or why a pod does not start, as it was told last. */
  private Optional<String> refusal(HasMetadata involved) {
    return client
        .v1()
        .events()
        .inNamespace(involved.getMetadata().getNamespace())
        .withField("involvedObject.uid", involved.getMetadata().getUid())
        .list()
        .getItems()
        .stream()
        .filter(event -> REFUSALS.contains(event.getReason()))
        .max(Comparator.comparing(event -> String.valueOf(event.getLastTimestamp())))
        .map(Event::getMessage);
  }
}
