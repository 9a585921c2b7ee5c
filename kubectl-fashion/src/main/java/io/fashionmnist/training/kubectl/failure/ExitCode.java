package io.fashionmnist.training.kubectl.failure;

/** What the program ends with. */
public final class ExitCode {
  /** Done; of {@code watch}: the job has succeeded; of {@code plan}: it would start. */
  public static final int DONE = 0;

  /** The job has failed; of {@code plan}: no placement is open. */
  public static final int NO = 1;

  /** The command line or the manifest is wrong. */
  public static final int USAGE = 2;

  /** No cluster, no operator, no such job, or no permission. */
  public static final int UNAVAILABLE = 3;

  private ExitCode() {}
}
