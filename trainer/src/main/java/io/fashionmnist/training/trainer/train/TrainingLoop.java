package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.api.training.CheckpointConfig;
import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.data.AugmentedBatches;
import io.fashionmnist.training.trainer.data.Batch;
import io.fashionmnist.training.trainer.data.ImageSet;
import io.fashionmnist.training.trainer.evaluation.Evaluation;
import io.fashionmnist.training.trainer.evaluation.Evaluator;
import io.fashionmnist.training.trainer.model.TrainableNetwork;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Epochs of steps, each epoch followed by its validation. */
final class TrainingLoop {
  private static final double NANOS = 1e9;

  private final TrainableNetwork network;
  private final TrainingSetup setup;
  private final LearningRate learningRate;
  private final ImageSet images;
  private final Evaluator evaluator;
  private final Checkpoints checkpoints;
  private final StopRequest stop;
  private final Consumer<TrainingEvent> events;
  private long lastSave = System.nanoTime();

  /**
   * @param images those of which some are held out, to try the network on
   */
  TrainingLoop(
      TrainableNetwork network,
      TrainingSetup setup,
      ImageSet images,
      Evaluator evaluator,
      Checkpoints checkpoints,
      StopRequest stop,
      Consumer<TrainingEvent> events) {
    this.network = network;
    this.setup = setup;
    this.learningRate = LearningRate.of(setup.config(), setup.plan().stepsPerEpoch());
    this.images = images;
    this.evaluator = evaluator;
    this.checkpoints = checkpoints;
    this.stop = stop;
    this.events = events;
  }

  /**
   * Trains to the end.
   *
   * @return where it ended; empty when a stop was asked for, the state being saved
   * @throws IOException when a stop was asked for and the state could not be saved
   */
  Optional<TrainingPosition> run(TrainingPosition from, AugmentedBatches batches)
      throws IOException, InterruptedException {
    TrainingPosition position = from;
    while (position.epoch() <= setup.config().epochs()
        && !setup.earlyStopping().reached(position.history())) {
      position = steps(position, batches);
      long began = System.nanoTime();
      Optional<Evaluation> validated = stop.getAsBoolean() ? Optional.empty() : validate(position);
      if (validated.isEmpty()) {
        interrupted(position);
        return Optional.empty();
      }
      position = finishEpoch(position, validated.get(), began);
    }
    checkpoints.await();
    if (position.epoch() <= setup.config().epochs()) {
      events.accept(
          new TrainingEvent.StoppedEarly(
              position.epoch() - 1, setup.earlyStopping().best(position.history()).orElseThrow()));
    }
    return Optional.of(position);
  }

  /** Does the rest of an epoch's steps, or as many as it may. */
  private TrainingPosition steps(TrainingPosition from, AugmentedBatches batches)
      throws InterruptedException {
    TrainingPosition position = from;
    while (position.step() < setup.plan().stepsPerEpoch() && !stop.getAsBoolean()) {
      long began = System.nanoTime();
      Batch batch = batches.take();
      double rate = learningRate.at(position.globalStep(), position.history());
      TrainableNetwork.StepResult result = network.step(batch, position.globalStep(), rate);
      position =
          position.afterStep(
              result.lossSum(), result.right(), batch.size(), (System.nanoTime() - began) / NANOS);
      requireFinite(result.lossSum(), position);
      batches.release(batch);
      events.accept(
          new TrainingEvent.StepFinished(
              position.epoch(),
              position.step(),
              position.globalStep(),
              position.loss(),
              position.accuracy(),
              position.imagesPerSecond()));
      checkpoints.announce();
      if (dueByClock()) {
        save(position);
      }
    }
    return position;
  }

  private Optional<Evaluation> validate(TrainingPosition position) throws InterruptedException {
    Optional<Evaluation> evaluation =
        evaluator.evaluate(network, images, setup.split().validation());
    evaluation.ifPresent(result -> requireFinite(result.loss(), position));
    return evaluation;
  }

  private TrainingPosition finishEpoch(
      TrainingPosition position, Evaluation validated, long validationBegan) {
    EpochMetrics metrics =
        new EpochMetrics(
            position.epoch(),
            position.loss(),
            position.accuracy(),
            validated.loss(),
            validated.accuracy(),
            learningRate.at(position.globalStep() - 1, position.history()),
            position.imagesPerSecond(),
            position.seconds() + (System.nanoTime() - validationBegan) / NANOS);
    TrainingPosition next = position.afterEpoch(metrics);
    EpochMetrics best = setup.earlyStopping().best(next.history()).orElseThrow();
    if (best.equals(metrics)) {
      network.keepBest();
    }
    events.accept(new TrainingEvent.EpochFinished(metrics, best));
    CheckpointConfig when = setup.config().checkpoints();
    boolean last =
        next.epoch() > setup.config().epochs() || setup.earlyStopping().reached(next.history());
    if (last || (when.everyEpochs() > 0 && metrics.epoch() % when.everyEpochs() == 0)) {
      save(next);
    }
    return next;
  }

  private boolean dueByClock() {
    double minutes = setup.config().checkpoints().everyMinutes();
    return minutes > 0 && System.nanoTime() - lastSave >= minutes * 60 * NANOS;
  }

  private void save(TrainingPosition position) {
    lastSave = System.nanoTime();
    if (!network.isFinite()) {
      throw diverged(position, "the weights are");
    }
    checkpoints.save(network, setup.identity(), position);
  }

  private void interrupted(TrainingPosition position) throws IOException {
    checkpoints.await();
    if (!checkpoints.hold(position)) {
      save(position);
      checkpoints.await();
    }
    checkpoints.requireToHold(position);
    stop.stateSaved();
    events.accept(new TrainingEvent.Interrupted(position.epoch(), position.globalStep()));
  }

  private static void requireFinite(double loss, TrainingPosition position) {
    if (!Double.isFinite(loss)) {
      throw diverged(position, "the loss is");
    }
  }

  private static BadInputException diverged(TrainingPosition position, String what) {
    return new BadInputException(
        "training diverged: %s no finite number at step %d (epoch %d). The last good checkpoint is kept; lower optimizer.learningRate or set optimizer.clipNorm, and give another --output"
            .formatted(what, position.globalStep(), position.epoch()));
  }
}
