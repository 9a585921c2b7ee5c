package io.fashionmnist.training.trainer.cli;

/** How the run tells of its progress on standard output. */
public enum LogFormat {
  /** {@link #TEXT} on a terminal, else {@link #JSON}. */
  AUTO("Auto"),
  /** One object a line, with Cloud Logging's field names. */
  JSON("Json"),
  /** For people. */
  TEXT("Text");

  private final String label;

  LogFormat(String label) {
    this.label = label;
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return label;
  }
}
