package io.fashionmnist.training.emulator.executor;

import java.time.Instant;

/**
 * Work that could not be begun.
 *
 * @param at when that was found
 * @param message why
 */
record BrokenRun(Instant at, String message) implements Run {
  @Override
  public RunState observe(Instant now) {
    return new RunState.Broken(at, message);
  }

  @Override
  public void stop(Instant now) {
    // It never ran.
  }

  @Override
  public String log() {
    return message + "\n";
  }
}
