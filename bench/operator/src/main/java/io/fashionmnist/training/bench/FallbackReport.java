package io.fashionmnist.training.bench;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What fallback took.
 *
 * @param firstSteps seconds to the first training step, by how many placements were full
 * @param calls what live jobs cost
 * @param seconds how long calls were counted
 */
record FallbackReport(List<Double> firstSteps, List<Calls> calls, int seconds) {
  static final Section SECTION = new Section("fallback");

  /**
   * Calls in that time.
   *
   * @param counted by method
   */
  record Calls(int regions, int jobs, Map<String, Long> counted) {
    double perMinute(String method, int seconds) {
      return counted.getOrDefault(method, 0L) * 60.0 / seconds;
    }
  }

  /** Everything in Markdown. */
  String text() throws IOException {
    return """
    One run on %s, %d processors, %s. The last placement has room; each figure is the median of three jobs, each in a project that nobody knows anything of.

    | full placements before it | %s |
    |---|%s
    | seconds from the create to the first training step | %s |

    Calls per minute, counted by the emulator for %d s, with the records of %d jobs that are over:

    | live jobs | regions | lists | gets | creates and cancels | quota reads |
    |---:|---:|---:|---:|---:|---:|
    %s
    """
        .formatted(
            LocalDate.now(),
            Runtime.getRuntime().availableProcessors(),
            Report.cpuModel(),
            IntStream.range(0, firstSteps.size())
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" | ")),
            "---:|".repeat(firstSteps.size()),
            firstSteps.stream().map("%.1f"::formatted).collect(Collectors.joining(" | ")),
            seconds,
            FallbackMeasuring.RECORDS,
            calls.stream().map(this::line).collect(Collectors.joining("\n")));
  }

  private String line(Calls each) {
    return "| %,d | %d | %.0f | %.0f | %.0f | %.0f |"
        .formatted(
            each.jobs(),
            each.regions(),
            each.perMinute("ListCustomJobs", seconds),
            each.perMinute("GetCustomJob", seconds),
            each.perMinute("CreateCustomJob", seconds) + each.perMinute("CancelCustomJob", seconds),
            each.perMinute("ListQuotaInfos", seconds)
                + each.perMinute("GetQuotaInfo", seconds)
                + each.perMinute("ListTimeSeries", seconds));
  }
}
