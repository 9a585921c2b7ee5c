package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.data.ImageSet;
import io.fashionmnist.training.trainer.page.RunSummary;
import io.fashionmnist.training.trainer.report.JsonLog;
import io.fashionmnist.training.trainer.report.PageFile;
import io.fashionmnist.training.trainer.report.ProgressPost;
import io.fashionmnist.training.trainer.report.ReportFile;
import io.fashionmnist.training.trainer.report.TerminalProgress;
import io.fashionmnist.training.trainer.report.TerminationLog;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import io.fashionmnist.training.trainer.tensorboard.TensorBoardLog;
import io.fashionmnist.training.trainer.tracking.EarlierRun;
import io.fashionmnist.training.trainer.tracking.ExperimentTracking;
import io.fashionmnist.training.trainer.train.TrainingRun;
import io.fashionmnist.training.trainer.train.Versions;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Makes all that listens to a run, from what was asked for. */
final class RunListenersFactory {
  private final TrainRequest request;
  private final Map<String, String> environment;
  private final PrintStream out;
  private final Clock clock;

  /**
   * @param environment the process's environment variables
   * @param out where a log or the progress goes
   */
  RunListenersFactory(
      TrainRequest request, Map<String, String> environment, PrintStream out, Clock clock) {
    this.request = request;
    this.environment = environment;
    this.out = out;
    this.clock = clock;
  }

  /** Those that need no output, and so can tell that there is none. */
  RunListeners first() {
    return new RunListeners(
        showsText()
            ? new TerminalProgress(out, clock, columns())
            : new JsonLog(out, clock, ProcessStart.ofThisProcess().instant(clock)),
        warnings ->
            request
                .terminationLog()
                .map(file -> new TerminationLog(file, clock, attempt(), warnings)));
  }

  /**
   * Adds those that write to the output, or post from there on.
   *
   * @return the report, whose last writing is the run's own business
   */
  ReportFile addOutputs(RunListeners listeners, TrainingRun.Places places) {
    OutputLayout output = places.output();
    ReportFile report = new ReportFile(output.root(), clock, attempt(), listeners::warn);
    listeners.add(report);
    listeners.add(
        new TensorBoardLog(output.logs(), places.scratch().resolve("logs"), listeners::warn));
    request
        .progress()
        .map(
            receiver ->
                new ProgressPost(
                    receiver.url(),
                    receiver.tokenFile(),
                    receiver.caFile(),
                    ProgressPost.INTERVAL,
                    clock,
                    attempt(),
                    listeners::warn))
        .ifPresent(listeners::add);
    request
        .tracking()
        .map(
            target ->
                new ExperimentTracking(
                    target,
                    request.runName(),
                    request.attempt(),
                    output.root(),
                    places.resumeFrom().stream().findFirst().map(this::earlier),
                    ExperimentTracking.INTERVAL,
                    ExperimentTracking.PATIENCE,
                    clock,
                    listeners::warn))
        .ifPresent(listeners::add);
    return report;
  }

  /**
   * Adds the one that needs the data.
   *
   * @param test the images that the page shows mistakes of
   */
  void addPage(RunListeners listeners, OutputLayout output, ImageSet test) {
    listeners.add(new PageFile(output.root(), test, circumstances(), clock, listeners::warn));
  }

  /** Whether the run is shown to somebody at a terminal, and not logged. */
  boolean showsText() {
    return switch (request.logFormat()) {
      case AUTO -> onTerminal();
      case JSON -> false;
      case TEXT -> true;
    };
  }

  private RunSummary.Circumstances circumstances() {
    return new RunSummary.Circumstances(
        request.attempt(),
        RunPlace.of(environment),
        request.labels(),
        request.earlierAttempts(),
        Versions.current(),
        ProcessStart.ofThisProcess().instant(clock));
  }

  private EarlierRun earlier(Folder results) {
    List<RunSummary.EarlierAttempt> attempts = request.earlierAttempts();
    return new EarlierRun(
        results, !attempts.isEmpty() && attempts.getLast().state().equals("Suspended"));
  }

  private OptionalInt attempt() {
    return OptionalInt.of(request.attempt());
  }

  private OptionalInt columns() {
    return onTerminal() ? OptionalInt.of(TerminalWidth.columns(environment)) : OptionalInt.empty();
  }

  private static boolean onTerminal() {
    return System.console() != null && System.console().isTerminal();
  }
}
