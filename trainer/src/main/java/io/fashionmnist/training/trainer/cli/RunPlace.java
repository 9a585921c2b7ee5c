package io.fashionmnist.training.trainer.cli;

import java.util.Map;
import java.util.Optional;

/** What a process runs on, as far as its environment variables tell. */
final class RunPlace {
  private RunPlace() {}

  /**
   * As in "Vertex AI custom job 123".
   *
   * @param environment the process's variables; those of Vertex AI's custom jobs and of Kubernetes'
   *     pods are known
   */
  static String of(Map<String, String> environment) {
    return value(environment, "CLOUD_ML_JOB_ID")
        .map(job -> "Vertex AI custom job " + job)
        // Where a Vertex AI job runs may be a pod too.
        .or(
            () ->
                value(environment, "KUBERNETES_SERVICE_HOST")
                    .flatMap(_ -> value(environment, "HOSTNAME"))
                    .map(pod -> "Kubernetes pod " + pod))
        .orElse("this computer, outside Vertex AI and Kubernetes");
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
  }
}
