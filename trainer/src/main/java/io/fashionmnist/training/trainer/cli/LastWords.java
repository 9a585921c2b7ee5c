package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.report.TerminationLog;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine;

/**
 * Tells the termination message why a command line cannot work. From the launch on, the run itself
 * does.
 */
final class LastWords {
  private final InstantSource clock;

  LastWords(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Writes the message, if the command line names a file for it.
   *
   * @param arguments understood as far as they can be: the mistake may come before the file's name
   * @param error what is wrong, a line for every mistake
   * @param err told when the file cannot be written
   */
  void refused(String[] arguments, String error, PrintWriter err) {
    RunOptions run = new RunOptions();
    CommandLine lenient =
        new CommandLine(run).setUnmatchedArgumentsAllowed(true).setOverwrittenOptionsAllowed(true);
    lenient.getCommandSpec().parser().collectErrors(true);
    lenient.parseArgs(arguments);
    run.terminationLog
        .filter(file -> !file.toString().isBlank())
        .map(
            file ->
                new TerminationLog(
                    file,
                    clock,
                    TrainRequestFactory.attempt(run),
                    warning -> UsageErrors.print(err, warning)))
        .ifPresent(
            log ->
                log.ended(ExitCode.BAD_INPUT, Optional.of(String.join("; ", error.split("\\R")))));
  }
}
