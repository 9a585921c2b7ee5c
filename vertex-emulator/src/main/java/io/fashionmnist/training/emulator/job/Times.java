package io.fashionmnist.training.emulator.job;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Between Java's times and the protocol's. */
public final class Times {
  private Times() {}

  /** Java's to the protocol's; in microseconds, as the service has them. */
  public static Timestamp timestamp(Instant at) {
    return Timestamp.newBuilder()
        .setSeconds(at.getEpochSecond())
        .setNanos(at.getNano() / 1000 * 1000)
        .build();
  }

  /** The protocol's to Java's. */
  public static Instant instant(Timestamp at) {
    return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
  }
}
