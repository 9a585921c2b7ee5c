package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.model.TrainableNetwork;
import io.fashionmnist.training.trainer.storage.Scratch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Brings a network to where a run's newest complete checkpoint left it.
 *
 * @param scratch for files on their way
 * @param events told of the checkpoint, and of those that are passed over
 */
record CheckpointRestorer(
    CheckpointFolder checkpoints, Scratch scratch, Consumer<TrainingEvent> events) {

  /**
   * Restores the newest complete checkpoint into the network. One that is damaged or half-written
   * is passed over with a warning.
   *
   * @return how far the checkpoint is; empty where there is none
   * @throws BadInputException where the checkpoint is of another run
   * @throws IOException where the checkpoints cannot be read
   */
  Optional<TrainingPosition> restoreNewest(TrainableNetwork network, TrainingIdentity identity)
      throws IOException {
    for (String name : checkpoints.begun()) {
      Path directory = scratch.resolve("restore-" + name);
      try {
        CheckpointManifest manifest = download(name, directory);
        refuseAnotherRun(name, manifest.identity(), identity);
        network.restore(directory.resolve(Checkpoints.VARIABLES));
        events.accept(
            new TrainingEvent.Resumed(
                checkpoints.of(name).uri(),
                manifest.position().epoch(),
                manifest.position().globalStep(),
                manifest.position().history()));
        return Optional.of(manifest.position());
      } catch (CheckpointManifest.DamagedException e) {
        passOver(name, e.getMessage());
      } catch (NoSuchFileException e) {
        passOver(name, "incomplete: there is no " + e.getFile());
      } finally {
        Scratch.deleteQuietly(directory);
      }
    }
    return Optional.empty();
  }

  private void passOver(String name, String why) {
    events.accept(
        new TrainingEvent.Warning(
            "checkpoint %s is damaged (%s): trying the one before"
                .formatted(checkpoints.of(name).uri(), why)));
  }

  private CheckpointManifest download(String name, Path directory) throws IOException {
    CheckpointManifest manifest;
    try (InputStream in = checkpoints.of(name).open(CheckpointFolder.MANIFEST)) {
      manifest = CheckpointManifest.read(in);
    }
    scratch.write(() -> Files.createDirectories(directory));
    for (String file : manifest.digests().keySet()) {
      Path target = directory.resolve(file);
      scratch.write(() -> checkpoints.of(name).download(file, target));
      manifest.require(target);
    }
    return manifest;
  }

  private void refuseAnotherRun(String name, TrainingIdentity saved, TrainingIdentity identity) {
    List<String> differences = identity.differencesFrom(saved);
    if (!differences.isEmpty()) {
      throw new BadInputException(
          "checkpoint %s is of another training: it differs in %s. Give another --output, or the same configuration"
              .formatted(checkpoints.of(name).uri(), String.join(", ", differences)));
    }
    if (!identity.computesLike(saved)) {
      events.accept(
          new TrainingEvent.Warning(
              "the checkpoint was made with %d towers in %s, this run has %d in %s: the result is as good, but not the same to the last bit"
                  .formatted(
                      saved.towers(),
                      format(saved.bfloat16()),
                      identity.towers(),
                      format(identity.bfloat16()))));
    }
  }

  private static String format(boolean bfloat16) {
    return bfloat16 ? "bfloat16" : "float32";
  }
}
