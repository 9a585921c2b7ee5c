package io.fashionmnist.training.emulator;

import java.time.Instant;
import java.time.InstantSource;

/** A time that stands still until it is set. */
public final class StandingClock implements InstantSource {
  private volatile Instant now;

  /** Stands at this time. */
  public StandingClock(Instant now) {
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Sets the time, forth or back. */
  public void set(Instant time) {
    now = time;
  }
}
