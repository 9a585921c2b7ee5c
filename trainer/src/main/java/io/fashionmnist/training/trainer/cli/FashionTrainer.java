package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.Version;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The command line of the program, {@code fashion-trainer}. */
public final class FashionTrainer {
  /** The command that trains. */
  static final String TRAIN = "train";

  private static final int HELP_WIDTH = 80;

  private final CommandLine commandLine;

  /**
   * @param launcher starts a training run
   * @param environment the process's environment variables
   * @param clock names new runs by their start
   */
  public FashionTrainer(
      TrainingLauncher launcher,
      Map<String, String> environment,
      Clock clock,
      PrintWriter out,
      PrintWriter err) {
    CommandSpec program =
        CommandSpec.create()
            .name("fashion-trainer")
            .version("fashion-trainer " + Version.current())
            .mixinStandardHelpOptions(true)
            .addSubcommand(TRAIN, new TrainCommand(launcher, environment, clock).spec());
    program.usageMessage().description("Trains image classifiers.");
    UsageErrors errors = new UsageErrors(new LastWords(clock));
    commandLine =
        new CommandLine(program)
            .setOut(out)
            .setErr(err)
            .setExpandAtFiles(false)
            .setUsageHelpWidth(HELP_WIDTH)
            // Of a repeated option the last counts, so that a script's defaults can be overridden.
            .setOverwrittenOptionsAllowed(true)
            .setParameterExceptionHandler(errors)
            .setExecutionExceptionHandler(errors);
  }

  /**
   * Runs a command.
   *
   * @return the exit code; 2 for what the user has to change, which is told on the error writer
   */
  public int run(String... arguments) {
    return commandLine.execute(arguments);
  }
}
