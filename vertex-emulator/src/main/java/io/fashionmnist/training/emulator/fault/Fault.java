package io.fashionmnist.training.emulator.fault;

import com.google.rpc.Code;
import java.time.Duration;
import java.util.Optional;

/**
 * One thing that goes wrong.
 *
 * @param kind what
 * @param delay how long or how late; zero when it is at once
 * @param code instead of the kind's own code
 * @param message instead of the kind's own message
 */
public record Fault(FaultKind kind, Duration delay, Optional<Code> code, Optional<String> message) {
  /** A fault with its own code and message, at once. */
  public static Fault of(FaultKind kind) {
    return of(kind, Duration.ZERO);
  }

  /** A fault with its own code and message. */
  public static Fault of(FaultKind kind, Duration delay) {
    return new Fault(kind, delay, Optional.empty(), Optional.empty());
  }
}
