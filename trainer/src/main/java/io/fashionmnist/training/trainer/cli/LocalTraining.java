package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.SideBySide;
import io.fashionmnist.training.trainer.data.Dataset;
import io.fashionmnist.training.trainer.data.DatasetReader;
import io.fashionmnist.training.trainer.model.CpuFeatures;
import io.fashionmnist.training.trainer.model.TensorFlowRuntime;
import io.fashionmnist.training.trainer.report.JsonLog;
import io.fashionmnist.training.trainer.report.ProgressPost;
import io.fashionmnist.training.trainer.report.ReportFile;
import io.fashionmnist.training.trainer.report.TerminalProgress;
import io.fashionmnist.training.trainer.report.TerminationLog;
import io.fashionmnist.training.trainer.storage.FolderLocator;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import io.fashionmnist.training.trainer.storage.WritableCheck;
import io.fashionmnist.training.trainer.tensorboard.TensorBoardLog;
import io.fashionmnist.training.trainer.train.StopRequest;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingResult;
import io.fashionmnist.training.trainer.train.TrainingRun;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

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
    Path scratch = scratchDirectory();
    try (FolderLocator folders = new FolderLocator(environment);
        RunListeners listeners = listeners(request, folders, scratch.resolve("logs"))) {
      try {
        int exitCode = train(request, folders, scratch, stop, listeners);
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
    } finally {
      deleteQuietly(scratch);
    }
  }

  private static Path scratchDirectory() {
    try {
      return Files.createTempDirectory("fashion-trainer");
    } catch (IOException e) {
      throw new BadInputException(
          "No temporary directory can be made in %s: mount a writable one there"
              .formatted(System.getProperty("java.io.tmpdir")),
          e);
    }
  }

  private int train(
      TrainRequest request,
      FolderLocator folders,
      Path scratch,
      StopRequest stop,
      RunListeners listeners)
      throws IOException, InterruptedException {
    boolean bfloat16 = CpuFeatures.ofThisMachine().bfloat16(request.config().precision());
    OutputLayout output = output(request, folders);
    Thread loading =
        Thread.ofPlatform().daemon().start(() -> TensorFlowRuntime.load(request.threads()));
    try (Arena pixels = Arena.ofShared()) {
      Dataset data = checkOutputAndRead(request, output, folders, pixels, loading);
      return run(request, data, output, folders, bfloat16, scratch, stop, listeners);
    }
  }

  private static Dataset checkOutputAndRead(
      TrainRequest request,
      OutputLayout output,
      FolderLocator folders,
      Arena pixels,
      Thread loading)
      throws IOException, InterruptedException {
    DatasetReader reader =
        new DatasetReader(Optional.of(request.classNames()).filter(names -> !names.isEmpty()));
    try (SideBySide both = new SideBySide()) {
      var writable = both.start(() -> checkWritable(output));
      var data = both.start(() -> reader.read(folders.locate(request.data()), pixels));
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

  private static int run(
      TrainRequest request,
      Dataset data,
      OutputLayout output,
      FolderLocator folders,
      boolean bfloat16,
      Path scratch,
      StopRequest stop,
      RunListeners listeners)
      throws IOException, InterruptedException {
    try {
      Optional<TrainingResult> result =
          new TrainingRun(
                  request.config(),
                  data,
                  output,
                  request.resumeFrom().map(folders::locate),
                  request.threads(),
                  bfloat16,
                  scratch,
                  stop,
                  listeners::on)
              .run();
      listeners.report().write();
      result.ifPresent(finished -> listeners.on(new TrainingEvent.Finished(finished)));
      return result.isPresent() ? ExitCode.SUCCESS : ExitCode.INTERRUPTED;
    } catch (IOException e) {
      throw WritableCheck.orBadInput(output.root(), e);
    }
  }

  private OutputLayout output(TrainRequest request, FolderLocator folders) {
    return OutputLayout.of(request.outputOrDefault(), environment, folders::locate);
  }

  private RunListeners listeners(TrainRequest request, FolderLocator folders, Path scratch) {
    OutputLayout output = output(request, folders);
    OptionalInt attempt = OptionalInt.of(request.attempt());
    return new RunListeners(
        showsText(request)
            ? new TerminalProgress(out, clock, columns())
            : new JsonLog(out, clock, ProcessStart.ofThisProcess().instant(clock)),
        warnings -> new ReportFile(output.root(), clock, attempt, warnings),
        warnings ->
            request
                .terminationLog()
                .map(file -> new TerminationLog(file, clock, attempt, warnings)),
        warnings ->
            Stream.concat(
                    Stream.of(new TensorBoardLog(output.logs(), scratch, warnings)),
                    request.progress().stream()
                        .map(
                            receiver ->
                                new ProgressPost(
                                    receiver.url(),
                                    receiver.tokenFile(),
                                    receiver.caFile(),
                                    ProgressPost.INTERVAL,
                                    clock,
                                    attempt,
                                    warnings)))
                .toList());
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

  private static void deleteQuietly(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException _) {
      // It lies where temporary files lie: no reason to fail.
    }
  }
}
