package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.model.TensorFlowRuntime;
import java.io.PrintWriter;
import java.time.Clock;

/** The program's entry. */
public final class Main {
  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    int exitCode = run(arguments);
    if (exitCode != ExitCode.INTERRUPTED) {
      System.exit(exitCode);
    }
    // On SIGTERM the Java runtime is already ending, with the signal's own exit code.
  }

  /** Runs a command in this process, with its environment and its standard streams. */
  public static int run(String... arguments) {
    if (arguments.length > 0 && arguments[0].equals(FashionTrainer.TRAIN)) {
      // Half of the start is loading TensorFlow: it begins before the options are understood.
      Thread.ofPlatform().daemon().start(TensorFlowRuntime::version);
    }
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    return new FashionTrainer(
            new LocalTraining(System.getenv(), System.out),
            System.getenv(),
            Clock.systemUTC(),
            out,
            err)
        .run(arguments);
  }
}
