package io.fashionmnist.training.trainer.data;

import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/** How much memory the machine has, or the container that this process is in. */
public final class MachineMemory {
  /** From this size on it is worth asking, which takes a while. */
  private static final long LARGE = 1L << 28;

  private MachineMemory() {}

  /**
   * The memory there is, where it is less than needed.
   *
   * @param needed bytes
   * @return bytes; empty where there are as many as needed, or nobody knows
   */
  public static OptionalLong ifLessThan(long needed) {
    if (needed < LARGE
        || !(ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine)) {
      return OptionalLong.empty();
    }
    long memory = machine.getTotalMemorySize();
    return memory < needed ? OptionalLong.of(memory) : OptionalLong.empty();
  }
}
