package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.SideBySide;
import io.fashionmnist.training.trainer.data.Dataset;
import io.fashionmnist.training.trainer.data.DatasetReader;
import io.fashionmnist.training.trainer.model.CpuFeatures;
import io.fashionmnist.training.trainer.model.TensorFlowRuntime;
import io.fashionmnist.training.trainer.page.RunSummary;
import io.fashionmnist.training.trainer.report.JsonLog;
import io.fashionmnist.training.trainer.report.PageFile;
import io.fashionmnist.training.trainer.report.ProgressPost;
import io.fashionmnist.training.trainer.report.ReportFile;
import io.fashionmnist.training.trainer.report.TerminalProgress;
import io.fashionmnist.training.trainer.report.TerminationLog;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import io.fashionmnist.training.trainer.storage.WritableCheck;
import io.fashionmnist.training.trainer.tensorboard.TensorBoardLog;
import io.fashionmnist.training.trainer.tracking.ExperimentTracking;
import io.fashionmnist.training.trainer.train.StopRequest;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingResult;
import io.fashionmnist.training.trainer.train.TrainingRun;
import io.fashionmnist.training.trainer.train.Versions;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Trains in this process. */
final class LocalTraining implements TrainingLauncher {
  /** Less room than this does not even hold a model. */
  private static final int PROBE_BYTES = 1 << 22;

  private final Map<String, String> environment;
  private final PrintStream out;
  private final Clock clock = Clock.systemUTC();

  LocalTraining(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  @Override
  public int launch(TrainRequest request) throws Exception {
    StopRequest stop = StopRequest.onShutdown();
    int exitCode = ExitCode.FAILURE;
    try {
      exitCode = launch(request, stop);
      return exitCode;
    } catch (BadInputException e) {
      exitCode = ExitCode.BAD_INPUT;
      throw e;
    } finally {
      stop.trainingEnded(
          exitCode == ExitCode.INTERRUPTED ? OptionalInt.empty() : OptionalInt.of(exitCode));
    }
  }

  private int launch(TrainRequest request, StopRequest stop) throws Exception {
    try (Workplace place = new Workplace(environment);
        RunListeners listeners = listeners(request)) {
      try {
        int exitCode = train(request, place, stop, listeners);
        listeners.ended(exitCode, Optional.empty());
        return exitCode;
      } catch (BadInputException e) {
        listeners.failed(ExitCode.BAD_INPUT, e);
        if (showsText(request)) {
          throw e;
        }
        return ExitCode.BAD_INPUT;
      } catch (IOException | RuntimeException | Error e) {
        listeners.failed(ExitCode.FAILURE, e);
        throw e;
      }
    }
  }

  private int train(TrainRequest request, Workplace place, StopRequest stop, RunListeners listeners)
      throws IOException, InterruptedException {
    TrainingRun.Places places = places(request, place);
    ReportFile report = addOutputs(listeners, request, places);
    boolean bfloat16 = CpuFeatures.ofThisMachine().bfloat16(request.config().precision());
    try (Arena pixels = Arena.ofShared()) {
      Dataset data = prepare(request, place, places.output(), pixels);
      listeners.add(
          new PageFile(
              places.output().root(), data.test(), circumstances(request), clock, listeners::warn));
      TrainingRun run =
          new TrainingRun(
              request.config(),
              data,
              places,
              new TrainingRun.Computing(request.threads(), bfloat16),
              stop,
              listeners::on);
      return run(run, report, places.output().root(), listeners);
    }
  }

  private static TrainingRun.Places places(TrainRequest request, Workplace place) {
    return new TrainingRun.Places(
        place.output(request.outputOrDefault()),
        request.resumeFrom().stream().map(place::folder).toList(),
        place.makeScratch());
  }

  /** Reads the data while the output is tried and TensorFlow is loaded. */
  private static Dataset prepare(
      TrainRequest request, Workplace place, OutputLayout output, Arena pixels)
      throws IOException, InterruptedException {
    Thread loading =
        Thread.ofPlatform().daemon().start(() -> TensorFlowRuntime.load(request.threads()));
    DatasetReader reader =
        new DatasetReader(Optional.of(request.classNames()).filter(names -> !names.isEmpty()));
    try (SideBySide both = new SideBySide()) {
      var writable = both.start(() -> checkWritable(output));
      var data = both.start(() -> reader.read(place.folder(request.data()), pixels));
      // Where both fail, it is always the output that is told of.
      writable.get();
      return data.get();
    } finally {
      // Until it is over, standard error leads nowhere.
      loading.join();
    }
  }

  private static OutputLayout checkWritable(OutputLayout output) throws IOException {
    WritableCheck.check(output.root(), PROBE_BYTES);
    WritableCheck.check(output.checkpoints(), 0);
    WritableCheck.check(output.model(), 0);
    return output;
  }

  private static int run(TrainingRun run, ReportFile report, Folder root, RunListeners listeners)
      throws IOException, InterruptedException {
    try {
      Optional<TrainingResult> result = run.run();
      report.write();
      result.ifPresent(finished -> listeners.on(new TrainingEvent.Finished(finished)));
      return result.isPresent() ? ExitCode.SUCCESS : ExitCode.INTERRUPTED;
    } catch (IOException e) {
      throw WritableCheck.orBadInput(root, e);
    }
  }

  /** Those that need no output, and so can tell that there is none. */
  private RunListeners listeners(TrainRequest request) {
    return new RunListeners(
        showsText(request)
            ? new TerminalProgress(out, clock, columns())
            : new JsonLog(out, clock, ProcessStart.ofThisProcess().instant(clock)),
        warnings ->
            request
                .terminationLog()
                .map(file -> new TerminationLog(file, clock, attempt(request), warnings)));
  }

  /**
   * Adds those that write to the output, or post from there on.
   *
   * @return the report, whose last writing is the run's own business
   */
  private ReportFile addOutputs(
      RunListeners listeners, TrainRequest request, TrainingRun.Places places) {
    OutputLayout output = places.output();
    ReportFile report = new ReportFile(output.root(), clock, attempt(request), listeners::warn);
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
                    attempt(request),
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
                    ExperimentTracking.INTERVAL,
                    ExperimentTracking.PATIENCE,
                    clock,
                    listeners::warn))
        .ifPresent(listeners::add);
    return report;
  }

  private RunSummary.Circumstances circumstances(TrainRequest request) {
    return new RunSummary.Circumstances(
        request.attempt(),
        RunPlace.of(environment),
        request.labels(),
        Versions.current(),
        ProcessStart.ofThisProcess().instant(clock));
  }

  private static OptionalInt attempt(TrainRequest request) {
    return OptionalInt.of(request.attempt());
  }

  private static boolean showsText(TrainRequest request) {
    return switch (request.logFormat()) {
      case AUTO -> onTerminal();
      case JSON -> false;
      case TEXT -> true;
    };
  }

  private OptionalInt columns() {
    return onTerminal() ? OptionalInt.of(TerminalWidth.columns(environment)) : OptionalInt.empty();
  }

  private static boolean onTerminal() {
    return System.console() != null && System.console().isTerminal();
  }
}
