package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.api.training.Spelling;
import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells the user what was wrong with the command line or the input, one line each: exit code 2. */
final class UsageErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    print(command, message(e));
    command.getErr().println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.BAD_INPUT;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult line)
      throws Exception {
    if (e instanceof BadInputException) {
      print(command, e.getMessage());
      return ExitCode.BAD_INPUT;
    }
    if (e instanceof IOException) {
      print(command, e.toString());
      return ExitCode.FAILURE;
    }
    throw e;
  }

  private static void print(CommandLine command, String message) {
    PrintWriter err = command.getErr();
    message.lines().forEach(line -> err.println("fashion-trainer: " + line));
    err.flush();
  }

  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unknown(unmatched);
    }
    return e.getMessage();
  }

  private static String unknown(UnmatchedArgumentException e) {
    String argument = e.getUnmatched().getFirst().replaceFirst("=.*", "");
    CommandLine command = e.getCommandLine();
    if (!argument.startsWith("-")) {
      return "unexpected argument "
          + argument
          + Spelling.hint(argument, command.getSubcommands().keySet());
    }
    return "unknown option "
        + argument
        + Spelling.hint(
            argument,
            command.getCommandSpec().options().stream()
                .flatMap(option -> Stream.of(option.names()))
                .toList());
  }
}
