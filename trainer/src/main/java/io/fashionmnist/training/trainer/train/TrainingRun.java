package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.data.AffineAugmentation;
import io.fashionmnist.training.trainer.data.AugmentedBatches;
import io.fashionmnist.training.trainer.data.Dataset;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import io.fashionmnist.training.trainer.evaluation.Evaluator;
import io.fashionmnist.training.trainer.model.InferenceModel;
import io.fashionmnist.training.trainer.model.TrainableNetwork;
import io.fashionmnist.training.trainer.storage.DiskSpace;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import io.fashionmnist.training.trainer.storage.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** One training run, from a data set to a tested and exported model. */
public final class TrainingRun {
  private final TrainingSetup setup;
  private final Dataset data;
  private final Places places;
  private final Computing computing;
  private final StopRequest stop;
  private final Consumer<TrainingEvent> events;
  private final Evaluator evaluator;

  /**
   * Where a run reads its past and leaves its results.
   *
   * @param resumeFrom other runs' outputs: where this run has no checkpoint of its own, the newest
   *     one of the first that has any is the start
   * @param scratch for files on their way; empty
   */
  public record Places(OutputLayout output, List<Folder> resumeFrom, Scratch scratch) {
    /** Keeps a copy of the list. */
    public Places {
      resumeFrom = List.copyOf(resumeFrom);
    }
  }

  /**
   * What a run computes with.
   *
   * @param threads how many threads compute
   * @param bfloat16 format of the activations
   */
  public record Computing(int threads, boolean bfloat16) {}

  /**
   * Prepares a run; nothing is computed yet.
   *
   * @throws BadInputException for a configuration or data that cannot be trained
   */
  public TrainingRun(
      TrainingConfig config,
      Dataset data,
      Places places,
      Computing computing,
      StopRequest stop,
      Consumer<TrainingEvent> events) {
    this.setup = TrainingSetup.of(config, data, computing);
    this.data = data;
    this.places = places;
    this.computing = computing;
    this.stop = stop;
    this.events = events;
    this.evaluator = new Evaluator(computing.threads(), stop);
  }

  /**
   * Trains, tests and exports.
   *
   * @return empty when a stop was asked for, the state being saved
   * @throws BadInputException for another run's checkpoints, too little room for this one's
   *     results, or weights that grow without bounds
   * @throws IOException where the output cannot be written
   */
  public Optional<TrainingResult> run() throws IOException, InterruptedException {
    long began = System.nanoTime();
    places.output().checkpoints().deleteUnfinished();
    new DiskSpace()
        .require(RoomNeeded.of(setup.network()).in(places, setup.config().checkpoints().keep()));
    try (TrainableNetwork network = network();
        Checkpoints checkpoints = checkpoints()) {
      TrainingPosition from = new StartingPoint(places, setup.identity(), events).restore(network);
      events.accept(started(from));
      Optional<TrainingPosition> end;
      try (AugmentedBatches batches = batches(from)) {
        end =
            new TrainingLoop(network, setup, data.train(), evaluator, checkpoints, stop, events)
                .run(from, batches);
      }
      if (end.isEmpty()) {
        return Optional.empty();
      }
      // What was read from a checkpoint needs no other one.
      boolean held = end.get().equals(from) || checkpoints.hold(end.get());
      if (held) {
        stop.stateSaved();
      }
      Optional<TrainingResult> result = conclude(network, end.get().history(), began);
      if (result.isEmpty()) {
        if (!held) {
          checkpoints.requireToHold(end.get());
        }
        events.accept(
            new TrainingEvent.Interrupted(end.get().history().size(), end.get().globalStep()));
      }
      return result;
    }
  }

  private TrainableNetwork network() {
    TrainingIdentity identity = setup.identity();
    return new TrainableNetwork(
        setup.network(),
        setup.config().optimizer(),
        identity.towers(),
        identity.bfloat16(),
        setup.config().seed());
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(
        new CheckpointFolder(places.output().checkpoints()),
        setup.config().checkpoints().keep(),
        places.scratch(),
        events);
  }

  private AugmentedBatches batches(TrainingPosition from) {
    TrainingConfig config = setup.config();
    return new AugmentedBatches(
        data.train(),
        setup.split().training(),
        setup.plan(),
        Optional.of(
            new AffineAugmentation(
                config.augmentation(), data.train().height(), data.train().width())),
        config.seed(),
        computing.threads(),
        from.epoch() - 1,
        from.step(),
        config.epochs());
  }

  private TrainingEvent.Started started(TrainingPosition from) {
    TrainingIdentity identity = setup.identity();
    TrainingEvent.TrainingPlan plan =
        new TrainingEvent.TrainingPlan(
            setup.config(),
            setup.split().training().length,
            setup.split().validation().length,
            data.test().count(),
            data.train().height(),
            data.train().width(),
            data.classNames(),
            data.digest(),
            identity.towers(),
            identity.bfloat16(),
            setup.network().parameters(),
            setup.plan().stepsPerEpoch(),
            from.epoch(),
            places.output().root().uri());
    return new TrainingEvent.Started(
        plan,
        setup
            .earlyStopping()
            .best(from.history())
            .map(best -> TrainingReport.EpochSummary.of(from.history(), best)));
  }

  /** Tests the best weights, and exports what was tested; empty when a stop was asked for. */
  private Optional<TrainingResult> conclude(
      TrainableNetwork network, List<EpochMetrics> history, long began)
      throws IOException, InterruptedException {
    network.recallBest();
    Path weights = places.scratch().resolve("best");
    places.scratch().write(() -> network.save(weights));
    try (InferenceModel model = new InferenceModel(setup.network(), weights, computing.threads())) {
      int[] all = IntStream.range(0, data.test().count()).toArray();
      Optional<Evaluation> test = evaluator.evaluate(model, data.test(), all);
      if (test.isEmpty()) {
        return Optional.empty();
      }
      events.accept(new TrainingEvent.Tested(test.get()));
      EpochMetrics best = setup.earlyStopping().best(history).orElseThrow();
      OutputLayout output = places.output();
      new ModelExport(output.model(), places.scratch())
          .write(model, new ModelMetadata(setup.config(), data, history, best, test.get()));
      return Optional.of(
          new TrainingResult(
              history,
              best,
              test.get(),
              output.model().uri(),
              output.uriOf(OutputLayout.REPORT),
              output.uriOf(OutputLayout.PAGE),
              (System.nanoTime() - began) / 1e9));
    }
  }
}
