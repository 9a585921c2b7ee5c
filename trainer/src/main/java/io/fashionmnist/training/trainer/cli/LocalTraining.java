package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.SideBySide;
import io.fashionmnist.training.trainer.data.Dataset;
import io.fashionmnist.training.trainer.data.DatasetReader;
import io.fashionmnist.training.trainer.model.CpuFeatures;
import io.fashionmnist.training.trainer.model.TensorFlowRuntime;
import io.fashionmnist.training.trainer.report.ReportFile;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import io.fashionmnist.training.trainer.storage.WritableCheck;
import io.fashionmnist.training.trainer.storage.Writing;
import io.fashionmnist.training.trainer.train.StopRequest;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingResult;
import io.fashionmnist.training.trainer.train.TrainingRun;
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
    StopRequest stop = StopRequest.onShutdown(ExitCode.FAILURE);
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
    RunListenersFactory factory = new RunListenersFactory(request, environment, out, clock);
    try (Workplace place = new Workplace(environment);
        RunListeners listeners = factory.first()) {
      try {
        int exitCode = train(request, place, stop, factory, listeners);
        listeners.ended(exitCode, Optional.empty());
        return exitCode;
      } catch (BadInputException | IOException e) {
        int exitCode = ExitCode.of(e);
        listeners.failed(exitCode, e);
        if (factory.showsText()) {
          throw e;
        }
        return exitCode;
      } catch (RuntimeException | Error e) {
        // Nobody foresaw it: standard error gets where it was.
        listeners.failed(ExitCode.FAILURE, e);
        throw e;
      }
    }
  }

  private static int train(
      TrainRequest request,
      Workplace place,
      StopRequest stop,
      RunListenersFactory factory,
      RunListeners listeners)
      throws IOException, InterruptedException {
    TrainingRun.Places places = places(request, place);
    ReportFile report = factory.addOutputs(listeners, places);
    boolean bfloat16 = CpuFeatures.ofThisMachine().bfloat16(request.config().precision());
    try (Arena pixels = Arena.ofShared()) {
      Optional<Dataset> data = prepare(request, place, places.output(), pixels, stop);
      if (data.isEmpty()) {
        listeners.on(
            new TrainingEvent.Warning("Asked to stop before the data were read; nothing is lost"));
        return ExitCode.INTERRUPTED;
      }
      factory.addPage(listeners, places.output(), data.get().test());
      TrainingRun run =
          new TrainingRun(
              request.config(),
              data.get(),
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

  /**
   * Reads the data while the output is tried and TensorFlow is loaded.
   *
   * @return empty when a stop was asked for
   */
  private static Optional<Dataset> prepare(
      TrainRequest request, Workplace place, OutputLayout output, Arena pixels, StopRequest stop)
      throws IOException, InterruptedException {
    Thread loading =
        Thread.ofPlatform().daemon().start(() -> TensorFlowRuntime.load(request.threads()));
    DatasetReader reader =
        new DatasetReader(Optional.of(request.classNames()).filter(names -> !names.isEmpty()));
    try (SideBySide both = new SideBySide()) {
      var writable = both.start(() -> checkWritable(output));
      var data = both.start(() -> reader.read(place.folder(request.data()), pixels));
      // Where both fail, it is always the output that is told of.
      return writable.getUnless(stop).isPresent() ? data.getUnless(stop) : Optional.empty();
    } finally {
      // Until it is over, standard error leads nowhere.
      loading.join();
    }
  }

  private static OutputLayout checkWritable(OutputLayout output) throws IOException {
    WritableCheck.check(output.root(), PROBE_BYTES);
    WritableCheck.check(output.checkpoints(), 0);
    WritableCheck.check(output.model(), 0);
    WritableCheck.check(output.logs(), 0);
    return output;
  }

  private static int run(TrainingRun run, ReportFile report, Folder root, RunListeners listeners)
      throws IOException, InterruptedException {
    Optional<TrainingResult> result = run.run();
    try {
      Writing.to(root, report::write);
    } catch (BadInputException | IOException e) {
      if (result.isPresent()) {
        throw e;
      }
      // The state is saved, and that is what whoever starts the trainer again goes by.
      listeners.on(new TrainingEvent.Warning(e.getMessage()));
    }
    result.ifPresent(finished -> listeners.on(new TrainingEvent.Finished(finished)));
    return result.isPresent() ? ExitCode.SUCCESS : ExitCode.INTERRUPTED;
  }
}
