package io.fashionmnist.training.kubectl.text;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.kubectl.text.Screen.Colour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A job and its attempts, as text. Pure. */
public final class JobText {
  private static final int BAR = 24;

  private JobText() {}

  /** All that there is to see while it runs. */
  public static List<String> lines(FashionTrainingJob job, Instant now, Screen screen) {
    FashionTrainingJobStatus status = job.currentStatus();
    List<String> lines = new ArrayList<>();
    lines.add(
        screen.in(Colour.BOLD, job.getMetadata().getName())
            + "  "
            + screen.in(colour(phase(status)), phase(status).text())
            + place(status)
            + screen.in(
                Colour.GREY,
                status.startTime() == null
                    ? ""
                    : "  " + Times.between(status.startTime(), status.completionTime(), now)));
    progress(status, screen).ifPresent(lines::add);
    why(status).ifPresent(text -> lines.add(screen.cut(text, 0)));
    if (!status.attempts().isEmpty()) {
      lines.add("");
      lines.addAll(attempts(status.attempts(), now, screen));
    }
    return lines;
  }

  /** What has changed since it was last printed, for a log: one line. */
  public static String line(FashionTrainingJob job, Screen screen) {
    FashionTrainingJobStatus status = job.currentStatus();
    return Stream.of(
            Optional.of(phase(status).text()),
            Optional.of(place(status).strip()).filter(text -> !text.isEmpty()),
            progress(status, screen),
            why(status))
        .flatMap(Optional::stream)
        .collect(Collectors.joining("  "));
  }

  /** The attempts so far. */
  public static List<String> attempts(List<Attempt> attempts, Instant now, Screen screen) {
    Table table = new Table("ATTEMPT", "PLACEMENT", "STATE", "REASON", "TIME", "MESSAGE");
    attempts.forEach(
        each ->
            table.row(
                List.of(
                    Table.Cell.of("" + each.number()),
                    Table.Cell.of(String.valueOf(each.placement())),
                    new Table.Cell(
                        state(each.state()), text -> screen.in(colour(each.state()), text)),
                    Table.Cell.of(Optional.ofNullable(each.reason()).orElse("")),
                    Table.Cell.of(
                        each.state() == AttemptState.SKIPPED
                            ? "-"
                            : Times.between(each.startTime(), each.endTime(), now)),
                    Table.Cell.of(
                        Optional.ofNullable(each.message()).orElse("").replaceAll("\\s+", " ")))));
    return table.lines(screen, "");
  }

  /** Jobs below each other. */
  public static List<String> table(
      List<FashionTrainingJob> jobs, boolean namespaces, Instant now, Screen screen) {
    Table table =
        namespaces
            ? new Table(
                "NAMESPACE",
                "NAME",
                "PHASE",
                "PLACEMENT",
                ">ATTEMPTS",
                ">PROGRESS",
                ">ACCURACY",
                "AGE")
            : new Table("NAME", "PHASE", "PLACEMENT", ">ATTEMPTS", ">PROGRESS", ">ACCURACY", "AGE");
    jobs.forEach(
        job -> {
          FashionTrainingJobStatus status = job.currentStatus();
          Optional<TrainingReport> report = Optional.ofNullable(status.training());
          List<Table.Cell> cells = new ArrayList<>();
          if (namespaces) {
            cells.add(Table.Cell.of(job.getMetadata().getNamespace()));
          }
          cells.add(Table.Cell.of(job.getMetadata().getName()));
          cells.add(
              new Table.Cell(phase(status).text(), text -> screen.in(colour(phase(status)), text)));
          cells.add(Table.Cell.of(Optional.ofNullable(status.placement()).orElse("-")));
          cells.add(Table.Cell.of("" + status.attemptCount()));
          cells.add(
              Table.Cell.of(
                  report
                      .map(TrainingReport::progressPercentage)
                      .map(percent -> percent + "%")
                      .orElse("-")));
          cells.add(
              Table.Cell.of(
                  report
                      .map(TrainingReport::test)
                      .map(test -> ReportText.number(test.accuracy()))
                      .orElse("-")));
          cells.add(
              Table.Cell.of(Times.between(job.getMetadata().getCreationTimestamp(), null, now)));
          table.row(cells);
        });
    return table.lines(screen, "");
  }

  static Phase phase(FashionTrainingJobStatus status) {
    return status.phase() == null ? Phase.PENDING : status.phase();
  }

  private static String place(FashionTrainingJobStatus status) {
    return status.placement() == null || status.attempts().isEmpty()
        ? ""
        : " on %s, %s".formatted(status.placement(), status.backend().text());
  }

  private static Optional<String> why(FashionTrainingJobStatus status) {
    Phase phase = phase(status);
    if (phase == Phase.RUNNING || phase == Phase.SUCCEEDED) {
      return Optional.empty();
    }
    String type = phase == Phase.FAILED ? "Failed" : "Running";
    return status.conditions().stream()
        .filter(each -> each.type().equals(type))
        .map(each -> each.message())
        .filter(text -> text != null && !text.isBlank())
        .map(text -> text.replaceAll("\\s+", " "))
        .findFirst();
  }

  private static Optional<String> progress(FashionTrainingJobStatus status, Screen screen) {
    return Optional.ofNullable(status.training())
        .filter(report -> report.progressPercentage() != null)
        .map(
            report -> {
              int percent = report.progressPercentage();
              int filled = BAR * Math.clamp(percent, 0, 100) / 100;
              String bar =
                  screen.terminal()
                      ? screen.in(Colour.GREEN, "━".repeat(filled))
                          + screen.in(Colour.GREY, "╌".repeat(BAR - filled))
                          + " "
                      : "";
              return bar + numbers(report, percent, phase(status).finished());
            });
  }

  private static String numbers(TrainingReport report, int percent, boolean over) {
    List<String> parts = new ArrayList<>();
    parts.add(percent + "%");
    if (report.epoch() != null && report.epochs() != null) {
      parts.add("epoch %d/%d".formatted(report.epoch(), report.epochs()));
    }
    Optional<EpochMetrics> last =
        Optional.ofNullable(report.metrics()).map(TrainingReport.EpochSummary::last);
    last.map(EpochMetrics::loss).ifPresent(loss -> parts.add(text("loss %.4f", loss)));
    last.map(EpochMetrics::validationAccuracy)
        .ifPresent(accuracy -> parts.add(text("validation %.4f", accuracy)));
    Optional.ofNullable(report.test())
        .map(test -> test.accuracy())
        .ifPresent(accuracy -> parts.add(text("test %.4f", accuracy)));
    if (!over && report.estimatedRemainingSeconds() != null) {
      parts.add(Times.text(Duration.ofSeconds(report.estimatedRemainingSeconds())) + " left");
    }
    return String.join("  ", parts);
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static Colour colour(Phase phase) {
    return switch (phase) {
      case SUCCEEDED -> Colour.GREEN;
      case FAILED -> Colour.RED;
      case PENDING, QUEUED, RESTARTING, SUSPENDED -> Colour.YELLOW;
      case RUNNING -> Colour.BOLD;
    };
  }

  private static Colour colour(AttemptState state) {
    return switch (state) {
      case SUCCEEDED -> Colour.GREEN;
      case FAILED -> Colour.RED;
      case OUT_OF_CAPACITY, RESTARTING, STOPPING, SUSPENDED -> Colour.YELLOW;
      case SKIPPED -> Colour.GREY;
      case QUEUED, RUNNING -> Colour.BOLD;
    };
  }

  /** As the resource spells it. */
  private static String state(AttemptState state) {
    return switch (state) {
      case QUEUED -> "Queued";
      case RUNNING -> "Running";
      case RESTARTING -> "Restarting";
      case STOPPING -> "Stopping";
      case SUCCEEDED -> "Succeeded";
      case FAILED -> "Failed";
      case SUSPENDED -> "Suspended";
      case OUT_OF_CAPACITY -> "OutOfCapacity";
      case SKIPPED -> "Skipped";
    };
  }
}
