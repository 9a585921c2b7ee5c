package io.fashionmnist.training.operator.backend.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fashionmnist.training.api.training.TerminationMessage;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.operator.backend.AttemptObservation.Failures;
import io.fashionmnist.training.operator.backend.AttemptReason;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a trainer's pod tells of itself. Pure. */
record TrainerPod(Pod pod) {
  private static final Set<Integer> FINAL = Set.of(0, ExitCodes.BAD_INPUT);
  private static final Set<String> INTERRUPTIONS =
      Set.of("Evicted", "NodeLost", AttemptReason.INTERRUPTED);

  private static final ObjectReader MESSAGES =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build()
          .readerFor(TerminationMessage.class);

  /** Why a pod ended before its work was done. */
  record Cut(String reason, String message) {}

  /** In the order of their creation. */
  static List<TrainerPod> all(List<Pod> pods) {
    return pods.stream()
        .sorted(
            Comparator.comparing((Pod pod) -> text(pod.getMetadata().getCreationTimestamp()))
                .thenComparing(pod -> pod.getMetadata().getName()))
        .map(TrainerPod::new)
        .toList();
  }

  static ReplicaStatus replicas(List<TrainerPod> pods) {
    int succeeded = (int) pods.stream().filter(pod -> pod.in("Succeeded")).count();
    int failed = (int) pods.stream().filter(pod -> pod.in("Failed")).count();
    return new ReplicaStatus(pods.size() - succeeded - failed, succeeded, failed);
  }

  /** Interruptions are those since the trainer was last seen to have come further. */
  static Failures failures(List<TrainerPod> pods) {
    int counted = 0;
    int interruptions = 0;
    int furthest = 0;
    for (TrainerPod pod : pods) {
      if (!pod.ended() || pod.in("Succeeded")) {
        continue;
      }
      int epoch = pod.report().map(TrainingReport::epoch).orElse(0);
      if (epoch > furthest) {
        furthest = epoch;
        interruptions = 0;
      }
      boolean interrupted = INTERRUPTIONS.contains(pod.cut().reason());
      counted += interrupted ? 0 : 1;
      interruptions += interrupted ? 1 : 0;
    }
    return new Failures(counted, interruptions);
  }

  boolean pending() {
    return pod.getStatus() == null || in("Pending");
  }

  boolean ended() {
    return in("Succeeded") || in("Failed");
  }

  boolean running() {
    return container().map(ContainerStatus::getState).map(ContainerState::getRunning).isPresent();
  }

  /** Whether its trainer has ended for good, whatever the pod and its Job say yet. */
  boolean ending() {
    return terminated().filter(state -> FINAL.contains(state.getExitCode())).isPresent();
  }

  /** The scheduler's words, where it has found no node. */
  Optional<String> unschedulable() {
    return condition("PodScheduled", "False").map(each -> text(each.getMessage()));
  }

  /** What its container waits for. */
  Optional<ContainerStateWaiting> waiting() {
    return container().map(ContainerStatus::getState).map(ContainerState::getWaiting);
  }

  String image() {
    return container().map(ContainerStatus::getImage).orElse("");
  }

  /** The trainer's last word. */
  Optional<TrainingReport> report() {
    return terminated().flatMap(TrainerPod::message).map(TerminationMessage::report);
  }

  Cut cut() {
    return disruption().or(() -> terminated().map(this::cut)).orElseGet(this::lost);
  }

  /** Why it is on its way out: of a lost node's pod no more is heard until the node is back. */
  Optional<Cut> evicted() {
    return disruption().filter(_ -> pod.getMetadata().getDeletionTimestamp() != null);
  }

  private Optional<Cut> disruption() {
    return condition("DisruptionTarget", "True")
        .map(
            condition ->
                new Cut(
                    "DeletionByTaintManager".equals(condition.getReason()) ? "NodeLost" : "Evicted",
                    "%s: %s".formatted(text(condition.getReason()), text(condition.getMessage()))));
  }

  private Cut lost() {
    return new Cut(
        Optional.ofNullable(pod.getStatus().getReason()).orElse("PodLost"),
        Optional.ofNullable(pod.getStatus().getMessage()).orElse("the pod ended without a word"));
  }

  private Cut cut(ContainerStateTerminated state) {
    if ("OOMKilled".equals(state.getReason())) {
      return new Cut(
          "OOMKilled",
          "the trainer used more memory than its limit%s: raise resources.limits.memory of the placement"
              .formatted(memoryLimit()));
    }
    String said = said(state);
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

  private String memoryLimit() {
    return Stream.ofNullable(pod.getSpec())
        .flatMap(spec -> spec.getContainers().stream())
        .filter(each -> TrainerJob.CONTAINER.equals(each.getName()))
        .map(each -> each.getResources().getLimits().get("memory"))
        .filter(Objects::nonNull)
        .map(limit -> " of " + limit)
        .findFirst()
        .orElse("");
  }

  /** Our trainer's error, if it told one; of another's words the last line. */
  private static String said(ContainerStateTerminated state) {
    return message(state)
        .map(ours -> text(ours.error()))
        .orElseGet(
            () -> text(state.getMessage()).strip().lines().reduce((_, last) -> last).orElse(""));
  }

  /** Empty for what a trainer of the user's own has written: that may be anything. */
  private static Optional<TerminationMessage> message(ContainerStateTerminated state) {
    if (state.getMessage() == null || !state.getMessage().startsWith("{")) {
      return Optional.empty();
    }
    try {
      TerminationMessage read = MESSAGES.readValue(state.getMessage());
      return Optional.of(read)
          .filter(each -> each.exitCode() != null || each.error() != null || each.report() != null);
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }

  private Optional<PodCondition> condition(String type, String status) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(each -> type.equals(each.getType()) && status.equals(each.getStatus()))
            .findFirst();
  }

  private Optional<ContainerStatus> container() {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getContainerStatuses().stream()
            .filter(each -> TrainerJob.CONTAINER.equals(each.getName()))
            .findFirst();
  }

  private Optional<ContainerStateTerminated> terminated() {
    return container().map(ContainerStatus::getState).map(ContainerState::getTerminated);
  }

  private boolean in(String phase) {
    return pod.getStatus() != null && phase.equals(pod.getStatus().getPhase());
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
