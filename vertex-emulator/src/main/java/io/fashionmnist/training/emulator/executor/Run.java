package io.fashionmnist.training.emulator.executor;

import java.time.Instant;

/** One job's work. */
public interface Run {
  /** How far it is. */
  RunState observe(Instant now);

  /** Asks it to end; a second time nothing happens. */
  void stop(Instant now);

  /** What it wrote so far, or why that cannot be read. */
  String log();
}
