package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.BadInputException;

/** How the process ends; the operator goes by these. */
final class ExitCode {
  static final int SUCCESS = 0;

  /** May pass when tried again. */
  static final int FAILURE = 1;

  /** Options, configuration or data cannot work; trying again does not help. */
  static final int BAD_INPUT = 2;

  /** Stopped by SIGTERM, and nothing that was trained is lost: 128 and the signal's number. */
  static final int INTERRUPTED = 143;

  private ExitCode() {}

  /** How the process ends that fails with this. */
  static int of(Throwable failure) {
    return failure instanceof BadInputException ? BAD_INPUT : FAILURE;
  }
}
