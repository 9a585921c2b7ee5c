package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.trainer.model.TrainableNetwork;
import io.fashionmnist.training.trainer.storage.Scratch;
import io.fashionmnist.training.trainer.storage.Writing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Saves the states of a training run, one folder each: TensorFlow's variables, and a manifest that
 * is written last and holds the digests of the other files. A checkpoint without a manifest, or
 * with one that does not fit, is not complete and is passed over.
 *
 * <p>Saving stops the training only while the variables are written to a local file; carrying them
 * to where they belong happens beside it.
 */
final class Checkpoints implements AutoCloseable {
  /** What the names of TensorFlow's files begin with. */
  static final String VARIABLES = "variables";

  private final CheckpointFolder checkpoints;
  private final int keep;
  private final Scratch scratch;
  private final Consumer<TrainingEvent> events;
  private final ExecutorService carrier =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("checkpoints").factory());
  private Optional<Future<TrainingEvent>> underWay = Optional.empty();
  private Optional<TrainingPosition> saved = Optional.empty();
  private Optional<String> failure = Optional.empty();

  /**
   * @param keep how many stay
   * @param scratch for files on their way
   * @param events told of every checkpoint, on the thread that saves
   */
  Checkpoints(
      CheckpointFolder checkpoints, int keep, Scratch scratch, Consumer<TrainingEvent> events) {
    this.checkpoints = checkpoints;
    this.keep = keep;
    this.scratch = scratch;
    this.events = events;
  }

  /** Saves the state; one that cannot be carried to its place is a warning. */
  void save(TrainableNetwork network, TrainingIdentity identity, TrainingPosition position) {
    await();
    long began = System.nanoTime();
    String name = CheckpointFolder.name(position);
    Path directory = scratch.resolve(name);
    try {
      scratch.write(
          () -> {
            Files.createDirectories(directory);
            network.save(directory.resolve(VARIABLES));
          });
    } catch (IOException | RuntimeException e) {
      Scratch.deleteQuietly(directory);
      events.accept(notSaved(name, e));
      return;
    }
    underWay = Optional.of(carrier.submit(() -> carry(name, directory, identity, position, began)));
  }

  private TrainingEvent carry(
      String name,
      Path directory,
      TrainingIdentity identity,
      TrainingPosition position,
      long began) {
    try {
      List<Path> files = filesIn(directory);
      byte[] manifest = CheckpointManifest.of(identity, position, files).json();
      Writing.to(
          checkpoints.folder(),
          () -> {
            for (Path file : files) {
              checkpoints.of(name).upload(file, file.getFileName().toString());
            }
            checkpoints.of(name).write(CheckpointFolder.MANIFEST, manifest);
          });
      checkpoints.keepNewest(name, keep);
      saved = Optional.of(position);
      return new TrainingEvent.CheckpointSaved(
          checkpoints.of(name).uri(), position.globalStep(), (System.nanoTime() - began) / 1e9);
    } catch (IOException | RuntimeException e) {
      return notSaved(name, e);
    } finally {
      Scratch.deleteQuietly(directory);
    }
  }

  private TrainingEvent notSaved(String name, Exception e) {
    String reason = describe(e);
    failure = Optional.of(reason);
    return new TrainingEvent.Warning(
        "checkpoint %s could not be saved: %s".formatted(checkpoints.of(name).uri(), reason));
  }

  /**
   * Whether the last save was of this position and has arrived; to be asked after {@link #await}.
   */
  boolean hold(TrainingPosition position) {
    return saved.filter(position::equals).isPresent();
  }

  /**
   * To be called, after {@link #await}, where the training stops at this position.
   *
   * @throws IOException unless {@linkplain #hold it is held}; says which checkpoint is missing, why
   *     and what follows
   */
  void requireToHold(TrainingPosition position) throws IOException {
    if (!hold(position)) {
      throw new IOException(
          "Asked to stop, but checkpoint %s could not be saved, and the same command continues from the one before: %s"
              .formatted(
                  checkpoints.of(CheckpointFolder.name(position)).uri(),
                  failure.orElse("the save was broken off")));
    }
  }

  /** Waits until the last save has arrived, and tells of it. */
  void await() {
    underWay.ifPresent(
        future -> {
          try {
            events.accept(future.get());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
          }
        });
    underWay = Optional.empty();
  }

  /** Tells of the last save if it has arrived meanwhile. */
  void announce() {
    if (underWay.filter(Future::isDone).isPresent()) {
      await();
    }
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static String describe(Exception e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
  }

  @Override
  public void close() {
    await();
    carrier.shutdown();
  }
}
