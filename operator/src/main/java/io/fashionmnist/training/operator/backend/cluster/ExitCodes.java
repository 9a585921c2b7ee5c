package io.fashionmnist.training.operator.backend.cluster;

/** What a trainer's exit code means, whoever's trainer it is. */
final class ExitCodes {
  /** Options, configuration or data that can't work: not tried again. */
  static final int BAD_INPUT = 2;

  /** Ended by SIGTERM, the state saved: tried again and not counted. */
  static final int INTERRUPTED = 143;

  private ExitCodes() {}
}
