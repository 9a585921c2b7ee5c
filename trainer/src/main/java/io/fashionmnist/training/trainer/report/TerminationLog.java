package io.fashionmnist.training.trainer.report;

import io.fashionmnist.training.api.training.CompactReport;
import io.fashionmnist.training.api.training.TerminationMessage;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Keeps a container's termination message: the last report, and how the process ended. It is
 * written after every epoch, because a container that is killed for its memory says no last words.
 *
 * <p>A message that would be too long goes without the curve, then without the matrix, then with
 * the ten worst classes, then without classes, and at last with a shorter error.
 */
public final class TerminationLog implements TrainingListener {
  private static final List<UnaryOperator<TrainingReport>> SHORTER =
      List.of(
          UnaryOperator.identity(),
          report -> CompactReport.with(report, report.perClass(), null),
          report ->
              report.perClass() == null
                  ? report
                  : CompactReport.with(
                      report,
                      CompactReport.worst(report.perClass(), CompactReport.WORST_CLASSES),
                      null),
          report -> CompactReport.with(report, null, null));

  private final Path file;
  private final InstantSource clock;
  private final Consumer<String> warnings;
  private TrainingProgress progress;

  /**
   * @param file Kubernetes mounts it: it is overwritten in place, for it cannot be replaced
   * @param attempt the operator's number of this run, if the operator runs it
   * @param warnings takes a line about a write that failed
   */
  public TerminationLog(
      Path file, InstantSource clock, OptionalInt attempt, Consumer<String> warnings) {
    this.file = file;
    this.clock = clock;
    this.warnings = warnings;
    this.progress = TrainingProgress.before(attempt);
  }

  @Override
  public synchronized void on(TrainingEvent event) {
    progress = progress.after(event, clock.instant());
    switch (event) {
      case TrainingEvent.EpochFinished _,
          TrainingEvent.StoppedEarly _,
          TrainingEvent.Tested _,
          TrainingEvent.Finished _ ->
          write(null, null);
      case TrainingEvent.Started _,
          TrainingEvent.Resumed _,
          TrainingEvent.StepFinished _,
          TrainingEvent.CheckpointSaved _,
          TrainingEvent.Warning _,
          TrainingEvent.Interrupted _,
          TrainingEvent.Failed _ -> {}
    }
  }

  /**
   * Says how the process ends.
   *
   * @param error what went wrong, in one line, if something did
   */
  public synchronized void ended(int exitCode, Optional<String> error) {
    write(exitCode, error.orElse(null));
  }

  private void write(Integer exitCode, String error) {
    try {
      Files.write(file, message(exitCode, error, progress.report(clock.instant())));
    } catch (IOException e) {
      warnings.accept("The termination message could not be written to %s: %s".formatted(file, e));
    }
  }

  private static byte[] message(Integer exitCode, String error, TrainingReport report) {
    TrainingReport compact = CompactReport.of(report);
    byte[] whole = ReportJson.line(new TerminationMessage(exitCode, error, compact));
    if (whole.length < TerminationMessage.MAXIMUM_BYTES) {
      return whole;
    }
    TrainingReport withoutCurve = CompactReport.withoutCurve(compact);
    for (UnaryOperator<TrainingReport> shorten : SHORTER) {
      byte[] message =
          ReportJson.line(new TerminationMessage(exitCode, error, shorten.apply(withoutCurve)));
      if (message.length < TerminationMessage.MAXIMUM_BYTES) {
        return message;
      }
    }
    return message(exitCode, error.substring(0, error.length() / 2), report);
  }
}
