package io.fashionmnist.training.emulator.executor;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Optional;

/** How far a pod is. Pure. */
final class PodState {
  private PodState() {}

  /** The state of a pod that was asked to end, or was not. */
  static RunState of(Pod pod, boolean stopping, Instant now) {
    Optional<ContainerStatus> container =
        Optional.ofNullable(pod.getStatus()).stream()
            .flatMap(status -> status.getContainerStatuses().stream())
            .findFirst();
    Optional<ContainerStateTerminated> terminated =
        container.map(ContainerStatus::getState).map(state -> state.getTerminated());
    if (terminated.isPresent()) {
      return ended(terminated.get(), stopping, now);
    }
    // Evicted before it ever ran, or its node is gone.
    if (pod.getStatus() != null && "Failed".equals(pod.getStatus().getPhase())) {
      return new RunState.Stopped(now);
    }
    return container
        .map(ContainerStatus::getState)
        .map(state -> state.getRunning())
        .<RunState>map(running -> new RunState.Running(time(running.getStartedAt(), now)))
        .orElseGet(RunState.Preparing::new);
  }

  private static RunState ended(ContainerStateTerminated end, boolean stopping, Instant now) {
    Instant at = time(end.getFinishedAt(), now);
    int code = end.getExitCode() == null ? 1 : end.getExitCode();
    return stopping && code != 0
        ? new RunState.Stopped(at)
        : new RunState.Exited(
            time(end.getStartedAt(), at), at, code, "OOMKilled".equals(end.getReason()));
  }

  private static Instant time(String text, Instant otherwise) {
    return text == null || text.isEmpty() ? otherwise : Instant.parse(text);
  }
}
