package io.fashionmnist.training.emulator.executor;

import java.time.Instant;

/** How far a job's work is. Times are when it happened, which may be before it is asked. */
public sealed interface RunState {
  /** No machine was looked for yet. */
  record Queued() implements RunState {}

  /** A machine is being made ready. */
  record Preparing() implements RunState {}

  /** The container runs. */
  record Running(Instant since) implements RunState {}

  /**
   * The container ended by itself.
   *
   * @param exitCode of the process; 0 is success
   * @param outOfMemory whether it was killed for its memory
   */
  record Exited(Instant startedAt, Instant endedAt, int exitCode, boolean outOfMemory)
      implements RunState {}

  /** It ended because it was asked to, or was taken away. */
  record Stopped(Instant at) implements RunState {}

  /** It could not be run at all; the message says why. */
  record Broken(Instant at, String message) implements RunState {}
}
