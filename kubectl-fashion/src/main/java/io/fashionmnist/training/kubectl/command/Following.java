package io.fashionmnist.training.kubectl.command;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads a log that arrives late, until its writer is over and nothing more comes. */
final class Following {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  /** Cloud Logging shows a line some seconds after it was written. */
  private static final Duration QUIET = Duration.ofSeconds(15);

  /** Waits. */
  interface Pause {
    void pause(Duration time) throws InterruptedException;
  }

  private final Supplier<List<String>> fresh;
  private final BooleanSupplier live;
  private final InstantSource clock;
  private final Pause pause;

  /**
   * @param fresh the lines that have come since it was last asked
   * @param live whether the writer may write more
   */
  Following(Supplier<List<String>> fresh, BooleanSupplier live, InstantSource clock, Pause pause) {
    this.fresh = fresh;
    this.live = live;
    this.clock = clock;
    this.pause = pause;
  }

  void copy(Consumer<String> out) throws InterruptedException {
    Instant newest = clock.instant();
    while (true) {
      // Asked before the log, so that the last lines are read after the end.
      boolean going = live.getAsBoolean();
      List<String> lines = fresh.get();
      lines.forEach(out);
      if (going || !lines.isEmpty()) {
        newest = clock.instant();
      } else if (!newest.plus(QUIET).isAfter(clock.instant())) {
        return;
      }
      pause.pause(BETWEEN_LOOKS);
    }
  }
}
