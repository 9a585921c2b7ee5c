package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.data.AffineAugmentation;
import io.fashionmnist.training.trainer.data.AugmentedBatches;
import io.fashionmnist.training.trainer.data.BatchPlan;
import io.fashionmnist.training.trainer.data.Dataset;
import io.fashionmnist.training.trainer.data.StratifiedSplit;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import io.fashionmnist.training.trainer.evaluation.Evaluator;
import io.fashionmnist.training.trainer.model.InferenceModel;
import io.fashionmnist.training.trainer.model.NetworkSpec;
import io.fashionmnist.training.trainer.model.TrainableNetwork;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One training run, from a data set to a tested and exported model. */
public final class TrainingRun {
  /** Towers below this many images of a batch cost more than they bring. */
  private static final int LEAST_IMAGES_PER_TOWER = 16;

  private final TrainingConfig config;
  private final Dataset data;
  private final OutputLayout output;
  private final Optional<Folder> resumeFrom;
  private final int threads;
  private final boolean bfloat16;
  private final Path scratch;
  private final StopRequest stop;
  private final Consumer<TrainingEvent> events;

  /**
   * @param resumeFrom another run's output, whose newest checkpoint is the start where this run has
   *     none of its own
   * @param threads how many threads compute
   * @param bfloat16 format of the activations
   * @param scratch an empty local directory, for files on their way
   */
  public TrainingRun(
      TrainingConfig config,
      Dataset data,
      OutputLayout output,
      Optional<Folder> resumeFrom,
      int threads,
      boolean bfloat16,
      Path scratch,
      StopRequest stop,
      Consumer<TrainingEvent> events) {
    this.config = config;
    this.data = data;
    this.output = output;
    this.resumeFrom = resumeFrom;
    this.threads = threads;
    this.bfloat16 = bfloat16;
    this.scratch = scratch;
    this.stop = stop;
    this.events = events;
  }

  /**
   * Trains, tests and exports.
   *
   * @return empty when a stop was asked for, the state being saved
   * @throws BadInputException for a configuration or data that cannot be trained
   * @throws IOException where the output cannot be written
   */
  public Optional<TrainingResult> run() throws IOException, InterruptedException {
    long began = System.nanoTime();
    NetworkSpec spec =
        new NetworkSpec(
            config.model(), data.train().height(), data.train().width(), data.classes());
    StratifiedSplit split =
        StratifiedSplit.of(
            data.train().labels(), data.classes(), config.validationFraction(), config.seed());
    // The plan reckons with the most towers that any machine would have, so that a run keeps its
    // steps when it moves to another one.
    int mostTowers = Math.max(1, config.batchSize() / LEAST_IMAGES_PER_TOWER);
    BatchPlan plan = new BatchPlan(split.training().length, config.batchSize(), mostTowers);
    int towers = Math.min(mostTowers, threads);
    TrainingIdentity identity =
        new TrainingIdentity(config, data.digest(), data.classes(), towers, bfloat16);
    Evaluator evaluator = new Evaluator(threads, stop);
    try (TrainableNetwork network =
            new TrainableNetwork(spec, config.optimizer(), towers, bfloat16, config.seed());
        Checkpoints checkpoints =
            new Checkpoints(output.checkpoints(), config.checkpoints().keep(), scratch, events)) {
      TrainingPosition from = start(network, checkpoints, identity);
      EarlyStopping earlyStopping = new EarlyStopping(config.earlyStopping());
      events.accept(
          new TrainingEvent.Started(
              describe(network, split, plan, identity, from),
              earlyStopping
                  .best(from.history())
                  .map(best -> new TrainingReport.EpochSummary(from.history().getLast(), best))));
      Optional<List<EpochMetrics>> history;
      try (AugmentedBatches batches =
          new AugmentedBatches(
              data.train(),
              split.training(),
              plan,
              Optional.of(
                  new AffineAugmentation(
                      config.augmentation(), data.train().height(), data.train().width())),
              config.seed(),
              threads,
              from.epoch() - 1,
              from.step(),
              config.epochs())) {
        history =
            new TrainingLoop(
                    network,
                    identity,
                    plan.stepsPerEpoch(),
                    new TrainingLoop.Validation(evaluator, data.train(), split.validation()),
                    checkpoints,
                    stop,
                    events)
                .run(from, batches);
      }
      if (history.isEmpty()) {
        return Optional.empty();
      }
      long globalSteps = (long) history.get().size() * plan.stepsPerEpoch();
      return conclude(network, spec, evaluator, history.get(), globalSteps, began);
    }
  }

  /** This run's own newest checkpoint, else the other run's, else the beginning. */
  private TrainingPosition start(
      TrainableNetwork network, Checkpoints own, TrainingIdentity identity) throws IOException {
    Optional<TrainingPosition> position = own.restoreNewest(network, identity);
    if (position.isEmpty() && resumeFrom.isPresent()) {
      Folder there = resumeFrom.get().folder(OutputLayout.CHECKPOINTS);
      try (Checkpoints others =
          new Checkpoints(there, config.checkpoints().keep(), scratch, events)) {
        position = others.restoreNewest(network, identity);
      } catch (AccessDeniedException | NoSuchFileException e) {
        throw new BadInputException(
            "--resume-from: %s cannot be read: %s".formatted(there.uri(), e.getMessage()), e);
      } catch (UnsupportedOperationException e) {
        throw new BadInputException(
            "--resume-from: %s cannot be listed; give a path or gs://bucket/prefix"
                .formatted(there.uri()),
            e);
      }
      if (position.isEmpty()) {
        events.accept(
            new TrainingEvent.Warning(
                "no complete checkpoint in %s: training starts from the beginning"
                    .formatted(there.uri())));
      }
    }
    return position.orElseGet(TrainingPosition::start);
  }

  private TrainingEvent.TrainingPlan describe(
      TrainableNetwork network,
      StratifiedSplit split,
      BatchPlan plan,
      TrainingIdentity identity,
      TrainingPosition from) {
    return new TrainingEvent.TrainingPlan(
        config,
        split.training().length,
        split.validation().length,
        data.test().count(),
        data.train().height(),
        data.train().width(),
        data.classNames(),
        data.digest(),
        identity.towers(),
        identity.bfloat16(),
        network.parameters(),
        plan.stepsPerEpoch(),
        from.epoch(),
        output.root().uri());
  }

  /** Tests the best weights, and exports what was tested. */
  private Optional<TrainingResult> conclude(
      TrainableNetwork network,
      NetworkSpec spec,
      Evaluator evaluator,
      List<EpochMetrics> history,
      long globalSteps,
      long began)
      throws IOException, InterruptedException {
    network.recallBest();
    Path best = scratch.resolve("best");
    network.save(best);
    try (InferenceModel model = new InferenceModel(spec, best, threads)) {
      int[] all = IntStream.range(0, data.test().count()).toArray();
      Optional<Evaluation> test = evaluator.evaluate(model, data.test(), all);
      if (test.isEmpty()) {
        // The last checkpoint has it all.
        events.accept(new TrainingEvent.Interrupted(history.size(), globalSteps));
        return Optional.empty();
      }
      events.accept(new TrainingEvent.Tested(test.get()));
      EpochMetrics bestEpoch =
          new EarlyStopping(config.earlyStopping()).best(history).orElseThrow();
      export(model, new ModelMetadata(config, data, history, bestEpoch, test.get()));
      return Optional.of(
          new TrainingResult(
              history,
              bestEpoch,
              test.get(),
              output.model().uri(),
              output.root().uri().replaceAll("/+$", "") + "/report.json",
              (System.nanoTime() - began) / 1e9));
    }
  }

  private void export(InferenceModel model, ModelMetadata metadata) throws IOException {
    Path directory = scratch.resolve("model");
    model.export(directory);
    Files.write(directory.resolve("metadata.json"), metadata.json());
    try (Stream<Path> files = Files.walk(directory)) {
      // What makes the directory a model comes last: one that breaks off is none.
      for (Path file :
          files
              .filter(Files::isRegularFile)
              .sorted(Comparator.comparing(file -> file.endsWith("saved_model.pb")))
              .toList()) {
        output
            .model()
            .upload(
                file,
                directory
                    .relativize(file)
                    .toString()
                    .replace(file.getFileSystem().getSeparator(), "/"));
      }
    }
  }
}
