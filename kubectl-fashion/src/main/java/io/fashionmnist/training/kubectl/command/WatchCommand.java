package io.fashionmnist.training.kubectl.command;

import io.fashionmnist.training.kubectl.cluster.Cluster;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code watch}: a job's progress and attempts until its end. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a job's progress and its attempts until its end.",
      "Exit code 0 when it has succeeded, 1 when it has failed."
    })
final class WatchCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(paramLabel = "JOB", description = "The job's name.")
  private String name;

  @Mixin private ClusterOptions cluster;
  @Mixin private OutputOption output;

  WatchCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Cluster connected = cluster.connect()) {
      return new Watching(connected, surroundings, output.json()).untilTheEnd(name);
    }
  }
}
