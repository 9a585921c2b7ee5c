package io.fashionmnist.training.emulator.config;

import io.fashionmnist.training.emulator.executor.PodSettings;
import io.fashionmnist.training.emulator.executor.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What does the work of jobs. */
public sealed interface ExecutorSettings {
  /** Nothing does: jobs keep to a timeline. */
  record Scripted(List<Script> scripts) implements ExecutorSettings {}

  /**
   * A local process.
   *
   * @param command the words of the command line; {@code {image}}, {@code {command}} and {@code
   *     {args}} are the container's
   * @param logs the folder of the jobs' logs; empty is a temporary one
   * @param grace between SIGTERM and SIGKILL
   * @param environment further variables
   */
  record ProcessSettings(
      List<String> command, Optional<Path> logs, Duration grace, Map<String, String> environment)
      implements ExecutorSettings {
    /** The container's own command line. */
    public static final ProcessSettings DEFAULT =
        new ProcessSettings(
            List.of("{command}", "{args}"), Optional.empty(), Duration.ofSeconds(10), Map.of());
  }

  /** A pod. */
  record KubernetesSettings(PodSettings pods) implements ExecutorSettings {
    /** Two CPUs and two GiB at most, in a namespace that is named after a tenant project. */
    public static final KubernetesSettings DEFAULT =
        new KubernetesSettings(
            new PodSettings("vertex-tenant", 2, 2048, Duration.ofSeconds(30), Map.of()));
  }
}
