package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.model.TrainableNetwork;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a run begins: at its own newest checkpoint, else at that of the first other run that has
 * one, else at the beginning.
 *
 * @param events told of the checkpoint, and of what is wrong with others
 */
record StartingPoint(
    TrainingRun.Places places, TrainingIdentity identity, Consumer<TrainingEvent> events) {

  /**
   * Brings the network there.
   *
   * @throws BadInputException for another run's checkpoints, or those that may not be read
   * @throws IOException for checkpoints that may be read later
   */
  TrainingPosition restore(TrainableNetwork network) throws IOException {
    Optional<TrainingPosition> position = own(network);
    List<BadInputException> useless = new ArrayList<>();
    for (Folder other : places.resumeFrom()) {
      if (position.isEmpty()) {
        try {
          position = another(network, other.folder(OutputLayout.CHECKPOINTS));
        } catch (BadInputException e) {
          useless.add(e);
        }
      }
    }
    // It may hold what would be trained once more.
    if (position.isEmpty() && !useless.isEmpty()) {
      throw useless.getFirst();
    }
    return position.orElseGet(TrainingPosition::start);
  }

  private Optional<TrainingPosition> own(TrainableNetwork network) throws IOException {
    Folder here = places.output().checkpoints();
    try {
      return newest(here, network);
    } catch (AccessDeniedException e) {
      throw new BadInputException(
          "Cannot read the checkpoints in %s: no permission at %s; grant it, or give another --output"
              .formatted(here.uri(), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new IOException(
          "Cannot read the checkpoints in %s: %s".formatted(here.uri(), e.getMessage()), e);
    }
  }

  private Optional<TrainingPosition> another(TrainableNetwork network, Folder there)
      throws IOException {
    Optional<TrainingPosition> position;
    try {
      position = newest(there, network);
    } catch (AccessDeniedException | NoSuchFileException e) {
      throw new BadInputException(
          "--resume-from: %s cannot be read: %s".formatted(there.uri(), e.getMessage()), e);
    } catch (UnsupportedOperationException e) {
      throw new BadInputException(
          "--resume-from: %s cannot be listed; give a path or gs://bucket/prefix"
              .formatted(there.uri()),
          e);
    } catch (IOException e) {
      throw new IOException(
          "--resume-from: cannot read %s: %s".formatted(there.uri(), e.getMessage()), e);
    }
    if (position.isEmpty()) {
      events.accept(
          new TrainingEvent.Warning("no complete checkpoint in %s".formatted(there.uri())));
    }
    return position;
  }

  private Optional<TrainingPosition> newest(Folder folder, TrainableNetwork network)
      throws IOException {
    return new CheckpointRestorer(new CheckpointFolder(folder), places.scratch(), events)
        .restoreNewest(network, identity);
  }
}
