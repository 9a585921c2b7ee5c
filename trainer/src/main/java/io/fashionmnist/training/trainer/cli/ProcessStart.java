package io.fashionmnist.training.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * When this process began.
 *
 * <p>The Java runtime tells it up to a second too early on Linux, where it adds a process's age at
 * boot to a time of boot in whole seconds. Here both numbers count from the boot itself.
 *
 * @param stat {@code /proc/self/stat}
 * @param uptime {@code /proc/uptime}
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
record ProcessStart(Path stat, Path uptime) {
  /** The unit of {@code stat}'s times, on every processor that this program runs on. */
  private static final int MILLIS_PER_TICK = 10;

  /** Place of the start time, counted from the field after the command's name. */
  private static final int START_TIME = 19;

  /** Of the process that asks. */
  static ProcessStart ofThisProcess() {
    return new ProcessStart(Path.of("/proc/self/stat"), Path.of("/proc/uptime"));
  }

  /** The start, to some hundredths of a second on Linux; elsewhere what the Java runtime says. */
  Instant instant(InstantSource clock) {
    try {
      Duration sinceBoot = seconds(Files.readString(uptime).split(" ")[0]);
      // The name stands in parentheses and may have any character, also these.
      String afterName = Files.readString(stat).replaceFirst("(?s).*\\) ", "");
      long ticks = Long.parseLong(afterName.split(" ")[START_TIME]);
      return clock.instant().minus(sinceBoot).plusMillis(ticks * MILLIS_PER_TICK);
    } catch (IOException _) {
      return ProcessHandle.current().info().startInstant().orElseGet(clock::instant);
    }
  }

  private static Duration seconds(String number) {
    return Duration.ofMillis(Math.round(Double.parseDouble(number) * 1_000));
  }
}
