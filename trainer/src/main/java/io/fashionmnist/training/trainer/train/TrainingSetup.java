package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.api.training.TrainingConfig;
import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.data.BatchBuffers;
import io.fashionmnist.training.trainer.data.BatchPlan;
import io.fashionmnist.training.trainer.data.Dataset;
import io.fashionmnist.training.trainer.data.ImageSet;
import io.fashionmnist.training.trainer.data.MachineMemory;
import io.fashionmnist.training.trainer.data.StratifiedSplit;
import io.fashionmnist.training.trainer.model.NetworkSpec;
import java.util.Arrays;

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
    requireClassesToTell(data);
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
    TrainingIdentity identity =
        new TrainingIdentity(
            config,
            data.digest(),
            data.classes(),
            Math.min(mostTowers, computing.threads()),
            computing.bfloat16());
    MemoryNeeded memory = MemoryNeeded.of(network, identity);
    MachineMemory.ifLessThan(memory.bytes(plan.largestSize()))
        .ifPresent(
            there -> {
              throw memory.refusal(config.batchSize(), there);
            });
    return new TrainingSetup(
        identity, network, split, plan, new EarlyStopping(config.earlyStopping()));
  }

  /** What no image shows, training cannot teach; that counts as a result otherwise. */
  private static void requireClassesToTell(Dataset data) {
    int[] trained = countByClass(data.train(), data.classes());
    int[] tested = countByClass(data.test(), data.classes());
    for (int c = 0; c < data.classes(); c++) {
      if (trained[c] == 0 && tested[c] > 0) {
        throw new BadInputException(
            "%s (label %d) has %,d test images but no training images; add some, or take it out of the test images"
                .formatted(data.classNames().get(c), c, tested[c]));
      }
    }
    if (Arrays.stream(trained).filter(count -> count > 0).count() < 2) {
      int only = data.train().labels()[0];
      throw new BadInputException(
          "all training images are of one class, %s (label %d), and there is nothing to tell apart; add images of another"
              .formatted(data.classNames().get(only), only));
    }
  }

  private static int[] countByClass(ImageSet images, int classes) {
    int[] counts = new int[classes];
    for (short label : images.labels()) {
      counts[label]++;
    }
    return counts;
  }

  TrainingConfig config() {
    return identity.config();
  }
}
