package io.fashionmnist.training.kubectl.command;

import io.fabric8.kubernetes.api.model.Pod;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.kubectl.cluster.Cluster;
import io.fashionmnist.training.kubectl.failure.ExitCode;
import io.fashionmnist.training.kubectl.failure.Failure;
import io.fashionmnist.training.kubectl.google.CustomJobLog;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code logs}: what an attempt's trainer writes. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = {
      "Prints what the trainer of an attempt writes.",
      "That is a pod's log, or a custom job's from Cloud Logging, with your own Google credentials"
          + " (gcloud auth application-default login).",
      "CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING names another endpoint, such as the emulator's."
    })
final class LogsCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(paramLabel = "JOB", description = "The job's name.")
  private String name;

  @Option(
      names = "--attempt",
      paramLabel = "N",
      description = "Number of the attempt. Default: the last that ran.")
  private Integer number;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the attempt is over and its last lines have come.")
  private boolean follow;

  @Mixin private ClusterOptions cluster;

  LogsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (Cluster connected = cluster.connect()) {
      Attempt attempt = attempt(connected.job(name));
      if (attempt.backend() == Backend.VERTEX) {
        custom(connected, attempt);
      } else {
        pod(connected, attempt);
      }
      return ExitCode.DONE;
    }
  }

  private Attempt attempt(FashionTrainingJob job) {
    List<Attempt> attempts = job.currentStatus().attempts();
    if (number == null) {
      return attempts.reversed().stream()
          .filter(each -> each.state() != AttemptState.SKIPPED && each.externalName() != null)
          .findFirst()
          .orElseThrow(
              () ->
                  Failure.unavailable(
                      "no attempt of %s has run yet: kubectl fashion watch %s says why",
                      name, name));
    }
    Attempt attempt =
        attempts.stream()
            .filter(each -> each.number().equals(number))
            .findFirst()
            .orElseThrow(
                () ->
                    Failure.usage(
                        "%s has no attempt %d%s",
                        name,
                        number,
                        attempts.isEmpty()
                            ? " yet"
                            : "; there are %d to %d"
                                .formatted(
                                    attempts.getFirst().number(), attempts.getLast().number())));
    if (attempt.state() == AttemptState.SKIPPED || attempt.externalName() == null) {
      throw Failure.unavailable(
          "attempt %d never ran: %s",
          number, Optional.ofNullable(attempt.message()).orElse(attempt.reason()));
    }
    return attempt;
  }

  private void pod(Cluster connected, Attempt attempt) {
    List<Pod> pods = connected.pods(attempt);
    if (pods.isEmpty()) {
      throw Failure.unavailable(
          "attempt %d has no pod %s",
          attempt.number(),
          attempt.state().live()
              ? "yet: kubectl fashion watch %s says why".formatted(name)
              : "any more, and its log went with it");
    }
    pods.stream()
        .skip(1)
        .forEach(
            pod ->
                surroundings
                    .err()
                    .printf(
                        "note: %s ran before; kubectl -n %s logs %s%n",
                        pod.getMetadata().getName(),
                        pod.getMetadata().getNamespace(),
                        pod.getMetadata().getName()));
    connected.log(pods.getFirst()).copy(surroundings.out(), follow);
  }

  private void custom(Cluster connected, Attempt attempt) throws InterruptedException {
    CustomJobLog log =
        CustomJobLog.of(attempt.location(), attempt.externalName(), surroundings.environment());
    if (follow) {
      new Following(log::fresh, () -> live(connected, attempt), surroundings.clock(), Thread::sleep)
          .copy(surroundings.out()::println);
    } else {
      log.fresh().forEach(surroundings.out()::println);
    }
  }

  private boolean live(Cluster connected, Attempt attempt) {
    return connected
        .find(name)
        .filter(job -> attempt.number().equals(job.currentStatus().activeAttempt()))
        .isPresent();
  }
}
