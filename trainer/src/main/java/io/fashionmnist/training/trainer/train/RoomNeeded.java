package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.trainer.model.NetworkSpec;
import io.fashionmnist.training.trainer.storage.DiskSpace.Need;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * How much a run writes.
 *
 * @param checkpoint bytes of one
 * @param model bytes of the SavedModel
 */
record RoomNeeded(long checkpoint, long model) {
  /** The graph, metadata, manifests, reports: they do not grow with the network. */
  private static final long SMALL_FILES = 1 << 20;

  static RoomNeeded of(NetworkSpec network) {
    // Of what is trained also the optimizer's two moments; of everything also the best values.
    return new RoomNeeded(
        Float.BYTES * 2 * (network.values() + network.parameters()),
        Float.BYTES * network.values() + SMALL_FILES);
  }

  /**
   * Where it is written.
   *
   * @param keep checkpoints that stay; the next one is complete before the oldest goes
   */
  List<Need> in(TrainingRun.Places places, int keep) throws IOException {
    long checkpoints = (keep + 1) * checkpoint;
    return Stream.of(
            Need.in(
                places.output().checkpoints(), "%d checkpoints".formatted(keep + 1), checkpoints),
            Need.in(places.output().model(), "the model", model),
            Stream.of(
                new Need(
                    places.scratch().directory(),
                    "a checkpoint and the model on their way",
                    checkpoint + model)))
        .flatMap(needs -> needs)
        .toList();
  }
}
