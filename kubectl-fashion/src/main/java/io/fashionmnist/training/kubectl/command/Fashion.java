package io.fashionmnist.training.kubectl.command;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.kubectl.failure.ClusterFailures;
import io.fashionmnist.training.kubectl.failure.ExitCode;
import io.fashionmnist.training.kubectl.failure.Failure;
import io.fashionmnist.training.kubectl.text.Screen;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of {@code kubectl fashion}. */
@Command(
    name = "kubectl fashion",
    description = "Trains image classifiers on Vertex AI while quota allows, else in the cluster.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done; of watch: the job has succeeded; of plan: it would start",
      "1:The job has failed; of plan: no placement is open now",
      "2:The command line or the manifest is wrong",
      "3:No cluster, no operator, no such job, or no permission"
    },
    footer = {"", "kubectl fashion COMMAND --help tells more of each."})
public final class Fashion {
  private static final int HELP_WIDTH = 90;

  private final Surroundings surroundings;

  public Fashion(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Runs a command.
   *
   * @return the exit code; what was wrong is told on the error stream in one line
   */
  public int run(String... arguments) {
    CommandLine line =
        new CommandLine(this)
            .addSubcommand(new PlanCommand(surroundings))
            .addSubcommand(new SubmitCommand(surroundings))
            .addSubcommand(new WatchCommand(surroundings))
            .addSubcommand(new ListCommand(surroundings))
            .addSubcommand(new LogsCommand(surroundings))
            .addSubcommand(new ReportCommand(surroundings))
            .addSubcommand(new ExplainQuotaCommand(surroundings));
    Screen screen = surroundings.screen();
    line.getCommandSpec()
        .version(
            "kubectl-fashion "
                + Optional.ofNullable(Fashion.class.getPackage().getImplementationVersion())
                    .orElse("development"));
    return line.setOut(new PrintWriter(surroundings.out(), true))
        .setErr(new PrintWriter(surroundings.err(), true))
        .setColorScheme(CommandLine.Help.defaultColorScheme(screen.colours() ? Ansi.ON : Ansi.OFF))
        .setUsageHelpWidth(HELP_WIDTH)
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(this::misused)
        .setExecutionExceptionHandler((e, _, _) -> failed(e))
        .execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
  }

  private int misused(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    List<String> near =
        e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
            ? unmatched.getSuggestions()
            : List.of();
    return tell(
        "%s; %s"
            .formatted(
                e.getMessage().lines().findFirst().orElse("wrong options"),
                near.isEmpty()
                    ? name(command) + " --help lists the options"
                    : "did you mean %s?".formatted(near.getFirst())),
        ExitCode.USAGE);
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  private int failed(Exception e) throws Exception {
    return switch (e) {
      case Failure failure -> tell(failure.getMessage(), failure.exitCode());
      case KubernetesClientException refusal -> {
        Failure failure = ClusterFailures.of(refusal, "the context's server");
        yield tell(failure.getMessage(), failure.exitCode());
      }
      default -> throw e;
    };
  }

  private int tell(String message, int exitCode) {
    surroundings.err().println("error: " + message);
    return exitCode;
  }
}
