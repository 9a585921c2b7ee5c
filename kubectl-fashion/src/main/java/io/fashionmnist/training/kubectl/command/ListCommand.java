package io.fashionmnist.training.kubectl.command;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.kubectl.cluster.Cluster;
import io.fashionmnist.training.kubectl.failure.ExitCode;
import io.fashionmnist.training.kubectl.text.JobText;
import io.fashionmnist.training.kubectl.text.Screen;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code list}: the jobs of a namespace. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists jobs with their attempts, progress and test accuracy.")
final class ListCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Of all namespaces.")
  private boolean everywhere;

  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOption output;

  ListCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Cluster connected = cluster.connect()) {
      List<FashionTrainingJob> jobs = connected.jobs(everywhere);
      Screen screen = surroundings.screen();
      output.print(
          screen,
          jobs,
          () ->
              jobs.isEmpty()
                  ? List.of(
                      everywhere
                          ? "There are no jobs."
                          : "There are no jobs in namespace %s.".formatted(connected.namespace()))
                  : JobText.table(jobs, everywhere, surroundings.clock().instant(), screen));
      return ExitCode.DONE;
    }
  }
}
