package io.fashionmnist.training.operator.backend.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fashionmnist.training.api.training.TerminationMessage;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Failures;
import io.fashionmnist.training.operator.backend.AttemptReason;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Reads from a Job and its pods what became of an attempt. Pure: it asks nobody. */
public final class JobObserver {
  private static final Set<String> IMAGE_TROUBLE =
      Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");
  private static final Set<String> CONTAINER_TROUBLE =
      Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");

  /** What an attempt without any pod shows. */
  static final ReplicaStatus NO_PODS = new ReplicaStatus(0, 0, 0);

  private final ObjectMapper mapper =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /**
   * Reads an attempt.
   *
   * @param job its Job, if there is one
   * @param pods its pods
   * @param refused why the Job controller could not create a pod, if it told so
   */
  public AttemptObservation observe(Optional<Job> job, List<Pod> pods, Optional<String> refused) {
    ReplicaStatus replicas = replicas(pods);
    if (job.isEmpty() || job.get().getMetadata().getDeletionTimestamp() != null) {
      return job.isEmpty() && replicas.active() == 0
          ? new AttemptObservation.Missing()
          : new AttemptObservation.Leaving(replicas);
    }
    Optional<JobCondition> failed = condition(job.get(), "Failed");
    if (condition(job.get(), "Complete").isPresent()) {
      return new AttemptObservation.Succeeded(report(pods), replicas);
    }
    if (failed.isPresent()) {
      return failed(failed.get(), pods, replicas);
    }
    return live(job.get(), pods, refused, replicas);
  }

  private AttemptObservation live(
      Job job, List<Pod> pods, Optional<String> refused, ReplicaStatus replicas) {
    Failures failures = failures(pods);
    Optional<Pod> current =
        pods.stream().filter(Predicate.not(JobObserver::ended)).max(byCreation());
    Optional<Pod> newest = pods.stream().max(byCreation());
    // An end is told in steps: container, pod, Job. One that is final counts as running until the
    // last.
    boolean ending =
        newest
            .flatMap(JobObserver::terminated)
            .filter(state -> Set.of(0, ExitCodes.BAD_INPUT).contains(state.getExitCode()))
            .isPresent();
    if (ending) {
      ReplicaStatus others =
          replicas(pods.stream().filter(pod -> pod != newest.orElseThrow()).toList());
      return new AttemptObservation.Running(
          failures, new ReplicaStatus(others.active() + 1, others.succeeded(), others.failed()));
    }
    if (current.map(JobObserver::running).orElse(false)) {
      return new AttemptObservation.Running(failures, replicas);
    }
    AttemptObservation.Waiting waiting = waiting(job, current, refused, replicas);
    Optional<Pod> lost = pods.stream().filter(JobObserver::ended).max(byCreation());
    if (lost.isPresent() && waiting.cause() == Cause.STARTING) {
      Cut cut = cut(lost.get());
      return new AttemptObservation.Restarting(cut.reason(), cut.message(), failures, replicas);
    }
    return waiting;
  }

  private static AttemptObservation.Waiting waiting(
      Job job, Optional<Pod> pod, Optional<String> refused, ReplicaStatus replicas) {
    if (Boolean.TRUE.equals(job.getSpec().getSuspend())) {
      return new AttemptObservation.Waiting(
          Cause.CAPACITY, "WaitingForQueue", "the queue has not admitted the Job yet", replicas);
    }
    if (pod.isEmpty()) {
      return refused
          .map(
              text ->
                  new AttemptObservation.Waiting(
                      Refusal.ofQuota(text) ? Cause.CAPACITY : Cause.CONFIGURATION,
                      Refusal.ofQuota(text) ? AttemptReason.NAMESPACE_QUOTA : "PodRefused",
                      text,
                      replicas))
          .orElse(starting(replicas));
    }
    Optional<PodCondition> unscheduled =
        pod.get().getStatus() == null
            ? Optional.empty()
            : pod.get().getStatus().getConditions().stream()
                .filter(each -> "PodScheduled".equals(each.getType()))
                .filter(each -> "False".equals(each.getStatus()))
                .findFirst();
    if (unscheduled.isPresent()) {
      return new AttemptObservation.Waiting(
          Cause.CAPACITY, "Unschedulable", text(unscheduled.get().getMessage()), replicas);
    }
    return container(pod.get())
        .map(ContainerStatus::getState)
        .map(ContainerState::getWaiting)
        .flatMap(state -> trouble(state, pod.get(), replicas))
        .or(
            () ->
                refused.map(
                    text ->
                        new AttemptObservation.Waiting(
                            Cause.CONFIGURATION, "PodNotStarting", text, replicas)))
        .orElse(starting(replicas));
  }

  private static Optional<AttemptObservation.Waiting> trouble(
      ContainerStateWaiting state, Pod pod, ReplicaStatus replicas) {
    String reason = text(state.getReason());
    if (IMAGE_TROUBLE.contains(reason)) {
      String image = container(pod).map(ContainerStatus::getImage).orElse("");
      // The kubelet alternates between failing and backing off; what is wrong is the same.
      String message =
          text(state.getMessage()).replaceFirst("^Back-off pulling image .*?: (?=ErrImage)", "");
      return Optional.of(
          new AttemptObservation.Waiting(
              Cause.CONFIGURATION,
              "ImagePullFailed",
              "the image %s cannot be pulled: %s"
                  .formatted(image, message.replaceFirst("^ErrImagePull: ", "")),
              replicas));
    }
    if (CONTAINER_TROUBLE.contains(reason)) {
      return Optional.of(
          new AttemptObservation.Waiting(
              Cause.CONFIGURATION,
              "ContainerConfigError",
              "%s: %s".formatted(reason, text(state.getMessage())),
              replicas));
    }
    return Optional.empty();
  }

  static AttemptObservation.Waiting starting(ReplicaStatus replicas) {
    return new AttemptObservation.Waiting(
        Cause.STARTING, AttemptReason.STARTING, "the pod is being started", replicas);
  }

  private AttemptObservation failed(
      JobCondition condition, List<Pod> pods, ReplicaStatus replicas) {
    Optional<Pod> last = pods.stream().filter(JobObserver::ended).max(byCreation());
    Cut cut =
        last.map(this::cut)
            .orElse(new Cut(text(condition.getReason()), text(condition.getMessage())));
    String message =
        "BackoffLimitExceeded".equals(condition.getReason())
            ? cut.message() + "; no retries are left (runPolicy.backoffLimit)"
            : cut.message();
    // The Job controller has started the trainer again as often as it may.
    return new AttemptObservation.Failed(
        AttemptObservation.Consequence.FINAL,
        cut.reason(),
        message,
        List.of(),
        failures(pods),
        report(pods),
        replicas);
  }

  /** Why a pod ended before its work was done. */
  private record Cut(String reason, String message) {}

  private Cut cut(Pod pod) {
    Optional<PodCondition> disruption =
        pod.getStatus().getConditions().stream()
            .filter(each -> "DisruptionTarget".equals(each.getType()))
            .filter(each -> "True".equals(each.getStatus()))
            .findFirst();
    if (disruption.isPresent()) {
      String reason = text(disruption.get().getReason());
      return new Cut(
          "DeletionByTaintManager".equals(reason) ? "NodeLost" : "Evicted",
          "%s: %s".formatted(reason, text(disruption.get().getMessage())));
    }
    return terminated(pod).map(state -> cut(state, pod)).orElseGet(() -> lost(pod));
  }

  private static String memoryLimit(Pod pod) {
    return Stream.ofNullable(pod.getSpec())
        .flatMap(spec -> spec.getContainers().stream())
        .filter(each -> TrainerJob.CONTAINER.equals(each.getName()))
        .map(each -> each.getResources().getLimits().get("memory"))
        .filter(Objects::nonNull)
        .map(limit -> " of " + limit)
        .findFirst()
        .orElse("");
  }

  private static Cut lost(Pod pod) {
    return new Cut(
        Optional.ofNullable(pod.getStatus().getReason()).orElse("PodLost"),
        Optional.ofNullable(pod.getStatus().getMessage()).orElse("the pod ended without a word"));
  }

  private Cut cut(ContainerStateTerminated state, Pod pod) {
    if ("OOMKilled".equals(state.getReason())) {
      return new Cut(
          "OOMKilled",
          "the trainer used more memory than its limit%s: raise resources.limits.memory of the placement"
              .formatted(memoryLimit(pod)));
    }
    String said =
        message(state)
            .map(TerminationMessage::error)
            .orElseGet(() -> lastLine(text(state.getMessage())));
    String detail = said.isEmpty() ? "" : ": " + said;
    return switch (state.getExitCode()) {
      case ExitCodes.BAD_INPUT -> new Cut("BadInput", "the trainer refused its input" + detail);
      case ExitCodes.INTERRUPTED ->
          new Cut(AttemptReason.INTERRUPTED, "the trainer was interrupted and saved its state");
      default ->
          new Cut(
              "TrainerFailed",
              "the trainer ended with exit code %d%s".formatted(state.getExitCode(), detail));
    };
  }

  private Failures failures(List<Pod> pods) {
    int counted = 0;
    int interruptions = 0;
    for (Pod pod : pods) {
      if (ended(pod) && !"Succeeded".equals(pod.getStatus().getPhase())) {
        boolean interrupted =
            Set.of("Evicted", "NodeLost", AttemptReason.INTERRUPTED).contains(cut(pod).reason());
        counted += interrupted ? 0 : 1;
        interruptions += interrupted ? 1 : 0;
      }
    }
    return new Failures(counted, interruptions);
  }

  private Optional<TrainingReport> report(List<Pod> pods) {
    return pods.stream()
        .filter(JobObserver::ended)
        .max(byCreation())
        .flatMap(JobObserver::terminated)
        .flatMap(this::message)
        .map(TerminationMessage::report);
  }

  private Optional<TerminationMessage> message(ContainerStateTerminated state) {
    if (state.getMessage() == null || !state.getMessage().startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(mapper.readValue(state.getMessage(), TerminationMessage.class));
    } catch (JsonProcessingException _) {
      // A trainer of the user's own may write what it likes.
      return Optional.empty();
    }
  }

  static Optional<JobCondition> condition(Job job, String type) {
    return job.getStatus() == null
        ? Optional.empty()
        : job.getStatus().getConditions().stream()
            .filter(each -> type.equals(each.getType()) && "True".equals(each.getStatus()))
            .findFirst();
  }

  private static Optional<ContainerStatus> container(Pod pod) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getContainerStatuses().stream()
            .filter(each -> TrainerJob.CONTAINER.equals(each.getName()))
            .findFirst();
  }

  private static Optional<ContainerStateTerminated> terminated(Pod pod) {
    return container(pod).map(ContainerStatus::getState).map(ContainerState::getTerminated);
  }

  private static boolean running(Pod pod) {
    return container(pod)
        .map(ContainerStatus::getState)
        .map(ContainerState::getRunning)
        .isPresent();
  }

  private static boolean ended(Pod pod) {
    return pod.getStatus() != null
        && Set.of("Succeeded", "Failed").contains(text(pod.getStatus().getPhase()));
  }

  private static ReplicaStatus replicas(List<Pod> pods) {
    int succeeded = 0;
    int failed = 0;
    for (Pod pod : pods) {
      String phase = pod.getStatus() == null ? "" : text(pod.getStatus().getPhase());
      succeeded += "Succeeded".equals(phase) ? 1 : 0;
      failed += "Failed".equals(phase) ? 1 : 0;
    }
    return new ReplicaStatus(pods.size() - succeeded - failed, succeeded, failed);
  }

  static boolean pending(Pod pod) {
    return pod.getStatus() == null || "Pending".equals(pod.getStatus().getPhase());
  }

  private static Comparator<Pod> byCreation() {
    return Comparator.comparing((Pod pod) -> text(pod.getMetadata().getCreationTimestamp()))
        .thenComparing(pod -> pod.getMetadata().getName());
  }

  private static String lastLine(String text) {
    return text.strip().lines().reduce((_, last) -> last).orElse("");
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
