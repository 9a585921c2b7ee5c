package io.fashionmnist.training.kubectl.failure;

/** Something that the user has to know and can change: one line, and what the program ends with. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private Failure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The command or the manifest is wrong: exit code 2. */
  public static Failure usage(String message, Object... values) {
    return new Failure(ExitCode.USAGE, message.formatted(values));
  }

  /** The cluster, the operator or Google Cloud does not give it: exit code 3. */
  public static Failure unavailable(String message, Object... values) {
    return new Failure(ExitCode.UNAVAILABLE, message.formatted(values));
  }

  public int exitCode() {
    return exitCode;
  }
}
