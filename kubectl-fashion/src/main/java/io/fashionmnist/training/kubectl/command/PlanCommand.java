package io.fashionmnist.training.kubectl.command;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fashionmnist.training.api.plan.JobPlan;
import io.fashionmnist.training.kubectl.cluster.Cluster;
import io.fashionmnist.training.kubectl.cluster.Manifests;
import io.fashionmnist.training.kubectl.failure.ExitCode;
import io.fashionmnist.training.kubectl.text.PlanText;
import io.fashionmnist.training.kubectl.text.Screen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code plan}: what would become of a job, which is not submitted. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Says where a job would run if it were submitted now, and submits nothing.",
      "The API server checks the job in a dry run; then the operator tells of each placement"
          + " whether the namespace may use it, what the job needs of each quota beside limit and"
          + " usage, where its bucket is, and what would open it."
    })
final class PlanCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE",
      description = "The job's manifest; - is standard input.")
  private String file;

  @Mixin private ClusterOptions cluster;
  @Mixin private OperatorOptions operator;
  @Mixin private OutputOption output;

  PlanCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<JobPlan> plans = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    for (GenericKubernetesResource job : Manifests.read(file, surroundings.in())) {
      try (Cluster connected = cluster.in(Namespaces.of(job, cluster.namespace()))) {
        Optional<GenericKubernetesResource> checked = connected.check(job);
        if (checked.isEmpty()) {
          taken.add(job.getMetadata().getName());
        }
        plans.add(
            operator.api(connected, surroundings).plan(checked.orElse(job), connected.namespace()));
      }
    }
    print(plans);
    taken.forEach(
        name ->
            surroundings
                .err()
                .printf(
                    "note: a job %s exists already, so that this one can't be submitted under that"
                        + " name; its fields were not checked%n",
                    name));
    boolean starts = plans.stream().allMatch(plan -> plan.startsOn() != null);
    return starts ? ExitCode.DONE : ExitCode.NO;
  }

  private void print(List<JobPlan> plans) {
    Screen screen = surroundings.screen();
    output.print(
        screen,
        plans.size() == 1 ? plans.getFirst() : plans,
        () -> {
          List<String> lines = new ArrayList<>();
          for (JobPlan plan : plans) {
            if (!lines.isEmpty()) {
              lines.add("");
            }
            lines.addAll(PlanText.lines(plan, screen));
          }
          return lines;
        });
  }
}
