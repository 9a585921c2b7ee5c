package io.fashionmnist.training.trainer.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;

/**
 * What the program did, run in this process to its end.
 *
 * @param out its standard output
 * @param err its standard error
 */
public record ProgramRun(int exitCode, String out, String err) {

  /** Runs the program with these environment variables alone. */
  public static ProgramRun of(Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
    int exitCode =
        new FashionTrainer(
                new LocalTraining(environment, outStream),
                environment,
                Clock.systemUTC(),
                new PrintWriter(outStream, true),
                new PrintWriter(err, true, StandardCharsets.UTF_8))
            .run(arguments);
    return new ProgramRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
