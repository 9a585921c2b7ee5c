package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.model.NetworkSpec;

/**
 * How much memory a training takes at least, beside its images. With less, the system would end the
 * process without a word, and again when it is tried again.
 *
 * @param weights bytes of what belongs to the weights
 * @param perImage bytes of what every image of a batch leaves in the network until the gradients
 *     are computed
 */
record MemoryNeeded(NetworkSpec network, long weights, long perImage) {

  static MemoryNeeded of(NetworkSpec network, TrainingIdentity identity) {
    // The weights, the best ones, two moments, every tower's gradients and their sum.
    long copies = 5L + identity.towers();
    // Of every convolution block what goes into the normalisation, and what goes into the pooling.
    long kept = 2L * (identity.bfloat16() ? Short.BYTES : Float.BYTES);
    return new MemoryNeeded(
        network, network.parameters() * Float.BYTES * copies, network.convolved() * kept);
  }

  long bytes(int batch) {
    return weights + perImage * batch;
  }

  /**
   * Says that there is less.
   *
   * @param batchSize as it is configured; the largest batch may have a rest of the images more
   */
  BadInputException refusal(int batchSize, long memory) {
    if (weights > memory) {
      return new BadInputException(
          "%,d weights, most of them in the dense layer behind images of %d x %d, take %,d bytes to train, more than the %,d bytes of memory here: make the images smaller, lower model.denseUnits, or give more memory"
              .formatted(network.parameters(), network.height(), network.width(), weights, memory));
    }
    return new BadInputException(
        "batchSize %,d takes %,d bytes at least with images of %d x %d and model.filters %s, more than the %,d bytes of memory here: choose at most %,d, or give more memory"
            .formatted(
                batchSize,
                bytes(batchSize),
                network.height(),
                network.width(),
                network.model().filters(),
                memory,
                Math.max(1, (memory - weights) / perImage * 8 / 9)));
  }
}
