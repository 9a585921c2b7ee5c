package io.fashionmnist.training.operator.backend.cluster;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Failures;
import io.fashionmnist.training.operator.backend.AttemptReason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Reads from a Job and its pods what became of an attempt. Pure: it asks nobody. */
public final class JobObserver {
  /** What an attempt without any pod shows. */
  private static final Set<String> IMAGE_TROUBLE =
      Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");

  private static final Set<String> CONTAINER_TROUBLE =
      Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");

  /**
   * Reads an attempt.
   *
   * @param job its Job, if there is one
   * @param pods its pods
   * @param refused why the Job controller could not create a pod, if it told so
   */
  public AttemptObservation observe(Optional<Job> job, List<Pod> pods, Optional<String> refused) {
    List<TrainerPod> trainers = TrainerPod.all(pods);
    ReplicaStatus replicas = TrainerPod.replicas(trainers);
    if (job.isEmpty() || job.get().getMetadata().getDeletionTimestamp() != null) {
      return job.isEmpty() && replicas.active() == 0
          ? new AttemptObservation.Missing()
          : new AttemptObservation.Leaving(replicas);
    }
    Optional<JobCondition> failed = condition(job.get(), "Failed");
    if (condition(job.get(), "Complete").isPresent()) {
      return new AttemptObservation.Succeeded(
          newest(trainers, TrainerPod::ended).flatMap(TrainerPod::report), replicas);
    }
    return failed
        .map(condition -> failed(condition, trainers, replicas))
        .orElseGet(() -> live(job.get(), trainers, refused, replicas));
  }

  private static AttemptObservation live(
      Job job, List<TrainerPod> pods, Optional<String> refused, ReplicaStatus replicas) {
    Failures failures = TrainerPod.failures(pods);
    Optional<TrainerPod> newest = newest(pods, _ -> true);
    // An end is told in steps: container, pod, Job. One that is final counts as running until the
    // last.
    if (newest.filter(TrainerPod::ending).isPresent()) {
      ReplicaStatus others = TrainerPod.replicas(pods.subList(0, pods.size() - 1));
      return new AttemptObservation.Running(
          failures, new ReplicaStatus(others.active() + 1, others.succeeded(), others.failed()));
    }
    Optional<TrainerPod> current = newest(pods, Predicate.not(TrainerPod::ended));
    Optional<TrainerPod.Cut> evicted = current.flatMap(TrainerPod::evicted);
    if (evicted.isPresent()) {
      return new AttemptObservation.Restarting(
          evicted.get().reason(), evicted.get().message(), failures, replicas);
    }
    if (current.filter(TrainerPod::running).isPresent()) {
      return new AttemptObservation.Running(failures, replicas);
    }
    AttemptObservation.Waiting waiting = waiting(job, current, refused, replicas);
    Optional<TrainerPod> lost = newest(pods, TrainerPod::ended);
    if (lost.isPresent() && waiting.cause() == Cause.STARTING) {
      TrainerPod.Cut cut = lost.get().cut();
      return new AttemptObservation.Restarting(cut.reason(), cut.message(), failures, replicas);
    }
    return waiting;
  }

  private static AttemptObservation.Waiting waiting(
      Job job, Optional<TrainerPod> pod, Optional<String> refused, ReplicaStatus replicas) {
    if (Boolean.TRUE.equals(job.getSpec().getSuspend())) {
      return new AttemptObservation.Waiting(
          Cause.CAPACITY, "WaitingForQueue", "the queue has not admitted the Job yet", replicas);
    }
    if (pod.isEmpty()) {
      return refused.map(words -> noPod(words, replicas)).orElse(starting(replicas));
    }
    Optional<AttemptObservation.Waiting> unscheduled =
        pod.get()
            .unschedulable()
            .map(
                words ->
                    new AttemptObservation.Waiting(
                        Cause.CAPACITY, "Unschedulable", words, replicas));
    return unscheduled
        .or(() -> pod.get().waiting().flatMap(state -> trouble(state, pod.get(), replicas)))
        .or(() -> refused.map(words -> wrong("PodNotStarting", words, replicas)))
        .orElse(starting(replicas));
  }

  private static AttemptObservation.Waiting noPod(String words, ReplicaStatus replicas) {
    return Refusal.ofQuota(words)
        ? new AttemptObservation.Waiting(
            Cause.CAPACITY, AttemptReason.NAMESPACE_QUOTA, words, replicas)
        : wrong("PodRefused", words, replicas);
  }

  private static Optional<AttemptObservation.Waiting> trouble(
      ContainerStateWaiting state, TrainerPod pod, ReplicaStatus replicas) {
    String reason = text(state.getReason());
    if (IMAGE_TROUBLE.contains(reason)) {
      // The kubelet alternates between failing and backing off; what is wrong is the same.
      String message =
          text(state.getMessage()).replaceFirst("^Back-off pulling image .*?: (?=ErrImage)", "");
      return Optional.of(
          wrong(
              "ImagePullFailed",
              "the image %s cannot be pulled: %s"
                  .formatted(pod.image(), message.replaceFirst("^ErrImagePull: ", "")),
              replicas));
    }
    return CONTAINER_TROUBLE.contains(reason)
        ? Optional.of(
            wrong(
                "ContainerConfigError",
                "%s: %s".formatted(reason, text(state.getMessage())),
                replicas))
        : Optional.empty();
  }

  private static AttemptObservation.Waiting wrong(
      String reason, String message, ReplicaStatus replicas) {
    return new AttemptObservation.Waiting(Cause.CONFIGURATION, reason, message, replicas);
  }

  static AttemptObservation.Waiting starting(ReplicaStatus replicas) {
    return new AttemptObservation.Waiting(
        Cause.STARTING, AttemptReason.STARTING, "the pod is being started", replicas);
  }

  private static AttemptObservation failed(
      JobCondition condition, List<TrainerPod> pods, ReplicaStatus replicas) {
    Optional<TrainerPod> last = newest(pods, TrainerPod::ended);
    TrainerPod.Cut cut =
        last.map(TrainerPod::cut)
            .orElse(new TrainerPod.Cut(text(condition.getReason()), text(condition.getMessage())));
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
        TrainerPod.failures(pods),
        last.flatMap(TrainerPod::report),
        replicas);
  }

  private static Optional<TrainerPod> newest(List<TrainerPod> pods, Predicate<TrainerPod> which) {
    return pods.reversed().stream().filter(which).findFirst();
  }

  static Optional<JobCondition> condition(Job job, String type) {
    return job.getStatus() == null
        ? Optional.empty()
        : job.getStatus().getConditions().stream()
            .filter(each -> type.equals(each.getType()) && "True".equals(each.getStatus()))
            .findFirst();
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
