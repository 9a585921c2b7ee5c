package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.api.training.Spelling;
import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells the user what was wrong with the command line or the input, one line each: exit code 2. */
final class UsageErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final LastWords lastWords;

  UsageErrors(LastWords lastWords) {
    this.lastWords = lastWords;
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String message = message(e);
    print(err, message);
    if (!(e.getCause() instanceof BadInputException)) {
      err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    lastWords.refused(arguments, message, err);
    return ExitCode.BAD_INPUT;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult line)
      throws Exception {
    if (e instanceof BadInputException || e instanceof IOException) {
      print(command.getErr(), inWords(e));
      return ExitCode.of(e);
    }
    throw e;
  }

  /** What went wrong, as a user is told; with the failure's class where its message needs it. */
  static String inWords(Throwable failure) {
    return switch (failure) {
      case BadInputException bad -> bad.getMessage();
      // Its message is a path alone.
      case FileSystemException e when e.getReason() == null -> e.toString();
      case IOException e when e.getMessage() != null -> e.getMessage();
      default -> failure.toString();
    };
  }

  static void print(PrintWriter err, String message) {
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
