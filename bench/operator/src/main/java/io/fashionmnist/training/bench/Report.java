package io.fashionmnist.training.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of a benchmark's figures, and its place in a Markdown file. */
final class Report {
  static final Section SECTION = new Section("operator");

  private final List<Measurement> measurements;

  Report(List<Measurement> measurements) {
    this.measurements = List.copyOf(measurements);
  }

  /** Everything in Markdown. */
  String text() throws IOException {
    Measurement first = measurements.getFirst();
    return """
    One run on %s, %d processors, %s: %,d jobs created at once%s%s.

    | | %s | aim |
    |---|%s---:|
    %s

    %s
    """
        .formatted(
            LocalDate.now(),
            Runtime.getRuntime().availableProcessors(),
            cpuModel(),
            first.jobs(),
            first.idleSeconds() > 0
                ? "; as many that run and are left alone for %d s".formatted(first.idleSeconds())
                : "",
            first.finished() > 0 ? "; %,d finished in the end".formatted(first.finished()) : "",
            cells(measurements.stream().map(each -> each.contender().title())),
            "---:|".repeat(measurements.size()),
            Stream.of(Figure.values())
                .filter(
                    figure ->
                        measurements.stream().anyMatch(each -> each.figures().containsKey(figure)))
                .map(this::line)
                .collect(Collectors.joining("\n")),
            measurements.stream().map(Report::besides).collect(Collectors.joining(" ")));
  }

  private String line(Figure figure) {
    return "| %s | %s | %s |"
        .formatted(
            figure.title(),
            cells(
                measurements.stream()
                    .map(each -> each.figures().get(figure))
                    .map(value -> value == null ? "" : figure.format(value))),
            figure.target());
  }

  private static String besides(Measurement measurement) {
    return "Beside %s, processor time per job: %s."
        .formatted(
            measurement.contender().title(),
            measurement.besides().entrySet().stream()
                .map(Report::millis)
                .collect(Collectors.joining(", ")));
  }

  private static String millis(Map.Entry<String, Double> program) {
    return "%s %.1f ms".formatted(program.getKey(), program.getValue());
  }

  private static String cells(Stream<String> texts) {
    return texts.collect(Collectors.joining(" | "));
  }

  static String cpuModel() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("an unknown processor");
    }
  }
}
