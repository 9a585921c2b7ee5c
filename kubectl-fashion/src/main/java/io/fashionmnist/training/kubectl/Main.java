package io.fashionmnist.training.kubectl;

import io.fashionmnist.training.kubectl.command.Fashion;
import io.fashionmnist.training.kubectl.command.Surroundings;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/** The program's entry. */
public final class Main {
  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(System.getenv(), System.in, out, err, arguments));
  }

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  public static int run(
      Map<String, String> environment,
      InputStream in,
      PrintStream out,
      PrintStream err,
      String... arguments) {
    return new Fashion(new Surroundings(environment, in, out, err, InstantSource.system()))
        .run(arguments);
  }
}
