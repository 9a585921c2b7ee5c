package io.fashionmnist.training.emulator.cli;

import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.config.ExecutorKind;
import io.fashionmnist.training.emulator.config.SettingsException;
import io.fashionmnist.training.emulator.quota.OverQuota;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vertex-emulator}: options over the settings file. */
@Command(
    name = "vertex-emulator",
    mixinStandardHelpOptions = true,
    versionProvider = EmulatorCommand.Version.class,
    sortOptions = false,
    usageHelpWidth = 110,
    description =
        "A local Vertex AI: custom jobs over gRPC and REST, quota that can run out, and faults on demand.",
    footer = {
      "",
      "Options win over --config. Every setting, fault and route: docs/emulator.md.",
      "Example: --quota us-central1/custom_model_training_cpus=0 --over-quota fail --fault stockout,region=us-west1,delay=20s"
    })
final class EmulatorCommand implements Callable<Integer> {
  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on; default 127.0.0.1, in the image 0.0.0.0.")
  private Optional<String> host = Optional.empty();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Port of gRPC, REST, administration and status page; 0 is any free one. Default: 8085.")
  private Optional<Integer> port = Optional.empty();

  @Option(names = "--config", paramLabel = "FILE", description = "Settings in YAML.")
  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--quota",
      paramLabel = "REGION/METRIC=LIMIT",
      description = "A limit; * is every region, -1 no limit. Repeatable. What has none is free.")
  private List<String> quotas = new ArrayList<>();

  @Option(
      names = "--over-quota",
      paramLabel = "WAY",
      description =
          "What happens over quota: reject at create (default), fail some minutes after, or queue.")
  private Optional<OverQuota> overQuota = Optional.empty();

  @Option(
      names = "--executor",
      paramLabel = "KIND",
      description =
          "What does the work: scripted (default; a timeline), process (a local command), kubernetes (a pod).")
  private Optional<ExecutorKind> executor = Optional.empty();

  @Option(
      names = "--fault",
      paramLabel = "KIND[,KEY=VALUE...]",
      description =
          "Something that goes wrong; keys: name, call, region, project, metric, probability, count, delay, code, message. Repeatable.")
  private List<String> faults = new ArrayList<>();

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description = "Keep jobs, limits, faults and metadata there over restarts.")
  private Optional<Path> state = Optional.empty();

  @Spec private CommandSpec spec;

  private final Consumer<EmulatorSettings> launch;

  EmulatorCommand(Consumer<EmulatorSettings> launch) {
    this.launch = launch;
  }

  /** The command line with this command. */
  static CommandLine commandLine(
      PrintWriter out, PrintWriter err, Consumer<EmulatorSettings> launch) {
    return new CommandLine(new EmulatorCommand(launch))
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(EmulatorCommand::explain);
  }

  @Override
  public Integer call() {
    launch.accept(
        CommandSettings.of(config, host, port, quotas, overQuota, executor, faults, state));
    return 0;
  }

  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    if (failure instanceof SettingsException wrong) {
      wrong.problems().forEach(problem -> command.getErr().println("vertex-emulator: " + problem));
      return CommandLine.ExitCode.USAGE;
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    command.getErr().println("vertex-emulator: cannot start: " + root.getMessage());
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** The version of the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = EmulatorCommand.class.getPackage().getImplementationVersion();
      return new String[] {"vertex-emulator " + (version == null ? "development" : version)};
    }
  }
}
