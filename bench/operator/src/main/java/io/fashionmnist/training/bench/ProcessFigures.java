package io.fashionmnist.training.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux tells about a process. */
final class ProcessFigures {
  /** The unit of /proc/PID/stat on every architecture: 100 a second. */
  private static final int MILLIS_PER_TICK = 10;

  private static final int UTIME = 11;
  private static final int STIME = 12;

  private ProcessFigures() {}

  /** Processor time of all threads so far, in user and kernel mode, in ms. */
  static long cpuMillis(long pid) throws IOException {
    return cpuMillis(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
  }

  static long cpuMillis(String stat) {
    // The second field is the program's name in brackets, which may have anything in it.
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
    return (Long.parseLong(fields.get(UTIME)) + Long.parseLong(fields.get(STIME)))
        * MILLIS_PER_TICK;
  }

  /** Resident memory now, in MB. */
  static double rss(long pid) throws IOException {
    return megabytes(status(pid), "VmRSS");
  }

  /** The most resident memory so far, in MB. */
  static double peakRss(long pid) throws IOException {
    return megabytes(status(pid), "VmHWM");
  }

  static double megabytes(String status, String key) {
    Matcher line =
        Pattern.compile("^" + key + ":\\s+(\\d+) kB$", Pattern.MULTILINE).matcher(status);
    if (!line.find()) {
      throw new IllegalArgumentException("no %s in: %s".formatted(key, status));
    }
    return Long.parseLong(line.group(1)) / 1024.0;
  }

  private static String status(long pid) throws IOException {
    return Files.readString(Path.of("/proc", Long.toString(pid), "status"));
  }
}
