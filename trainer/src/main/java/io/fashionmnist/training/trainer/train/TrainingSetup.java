package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.data.BatchBuffers;
import io.fashionmnist.training.trainer.data.BatchPlan;
import io.fashionmnist.training.trainer.data.Dataset;
import io.fashionmnist.training.trainer.data.MachineMemory;
import io.fashionmnist.training.trainer.data.StratifiedSplit;
import io.fashionmnist.training.trainer.model.NetworkSpec;

/**
 * What follows from a configuration, a data set and a machine before anything is computed.
 *
 * @param identity also has the configuration and the towers
 * @param network its layers and weights
 * @param split which images are trained on, and which are held out
 * @param plan how an epoch is cut into steps
 * @param earlyStopping which epoch counts as the best
 */
record TrainingSetup(
    TrainingIdentity identity,
    NetworkSpec network,
    StratifiedSplit split,
    BatchPlan plan,
    EarlyStopping earlyStopping) {
  /** Towers below this many images of a batch cost more than they bring. */
  private static final int LEAST_IMAGES_PER_TOWER = 16;

  /**
   * Works it out.
   *
   * @throws BadInputException for a configuration or data that cannot be trained
   */
  static TrainingSetup of(TrainingConfig config, Dataset data, TrainingRun.Computing computing) {
    NetworkSpec network =
        new NetworkSpec(
            config.model(), data.train().height(), data.train().width(), data.classes());
    StratifiedSplit split =
        StratifiedSplit.of(
            data.train().labels(), data.classes(), config.validationFraction(), config.seed());
    // The plan reckons with the most towers that any machine would have, so that a run keeps its
    // steps when it moves to another one.
    int mostTowers = Math.max(1, config.batchSize() / LEAST_IMAGES_PER_TOWER);
    BatchPlan plan = new BatchPlan(split.training().length, config.batchSize(), mostTowers);
    BatchBuffers.inThisProcess(plan, data.train(), computing.threads());
    int towers = Math.min(mostTowers, computing.threads());
    refuseMoreWeightsThanMemory(network, towers);
    return new TrainingSetup(
        new TrainingIdentity(config, data.digest(), data.classes(), towers, computing.bfloat16()),
        network,
        split,
        plan,
        new EarlyStopping(config.earlyStopping()));
  }

  /** The system would end the process without a word, and again when it is tried again. */
  private static void refuseMoreWeightsThanMemory(NetworkSpec network, int towers) {
    // The weights, the best ones, two moments, every tower's gradients and their sum.
    long bytes = network.parameters() * Float.BYTES * (5L + towers);
    MachineMemory.ifLessThan(bytes)
        .ifPresent(
            memory -> {
              throw new BadInputException(
                  "%,d weights, most of them in the dense layer behind images of %d x %d, take %,d bytes to train, more than the %,d bytes of memory here: make the images smaller, lower model.denseUnits, or give more memory"
                      .formatted(
                          network.parameters(), network.height(), network.width(), bytes, memory));
            });
  }

  TrainingConfig config() {
    return identity.config();
  }
}
