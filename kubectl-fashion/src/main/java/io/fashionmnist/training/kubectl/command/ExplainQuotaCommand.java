package io.fashionmnist.training.kubectl.command;

import io.fashionmnist.training.api.plan.KnownQuotas;
import io.fashionmnist.training.kubectl.cluster.Cluster;
import io.fashionmnist.training.kubectl.failure.ExitCode;
import io.fashionmnist.training.kubectl.text.QuotaText;
import io.fashionmnist.training.kubectl.text.Screen;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code explain-quota}: what the operator has learned. */
@Command(
    name = "explain-quota",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what the operator knows of quotas.",
      "That is limit, usage as Cloud Monitoring tells it (up to a"
          + " day old), what its own attempts take, how many are just being tried, and until when"
          + " a refusal keeps others away.",
      "? is what nobody knows. Without -A it is what the namespace may use."
    })
final class ExplainQuotaCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Of every project and region; asks for the right to list jobs everywhere.")
  private boolean everywhere;

  @Option(names = "--all", description = "Also limits that nothing is used of.")
  private boolean all;

  @Option(names = "--region", paramLabel = "NAME", description = "Of one region, in the text.")
  private String region;

  @Mixin private ClusterOptions cluster;
  @Mixin private OperatorOptions operator;
  @Mixin private OutputOption output;

  ExplainQuotaCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Cluster connected = cluster.connect()) {
      KnownQuotas quotas =
          operator
              .api(connected, surroundings)
              .quotas(everywhere ? Optional.empty() : Optional.of(connected.namespace()));
      Screen screen = surroundings.screen();
      output.print(
          screen, quotas, () -> QuotaText.lines(quotas, all, Optional.ofNullable(region), screen));
      return ExitCode.DONE;
    }
  }
}
