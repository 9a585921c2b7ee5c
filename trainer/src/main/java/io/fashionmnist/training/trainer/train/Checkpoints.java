package io.fashionmnist.training.trainer.train;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.model.TrainableNetwork;
import io.fashionmnist.training.trainer.storage.Folder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The saved states of a training run, one folder each: TensorFlow's variables, and a manifest that
 * is written last and holds the digests of the other files. A checkpoint without a manifest, or
 * with one that does not fit, is not complete and is passed over.
 *
 * <p>Saving stops the training only while the variables are written to a local file; carrying them
 * to where they belong happens beside it.
 */
final class Checkpoints implements AutoCloseable {
  private static final String MANIFEST = "manifest.json";
  private static final String PREFIX = "step-";
  private static final Pattern NAME = Pattern.compile("(" + PREFIX + "\\d+(?:-in-epoch-\\d+)?)/.+");

  private final Folder folder;
  private final int keep;
  private final Path scratch;
  private final Consumer<TrainingEvent> events;
  private final ExecutorService carrier =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("checkpoints").factory());
  private Optional<Future<TrainingEvent>> underWay = Optional.empty();
  private Optional<TrainingPosition> saved = Optional.empty();

  /**
   * @param folder where the checkpoints are
   * @param keep how many stay
   * @param scratch a local directory for files on their way
   * @param events told of every checkpoint, on the thread that saves
   */
  Checkpoints(Folder folder, int keep, Path scratch, Consumer<TrainingEvent> events) {
    this.folder = folder;
    this.keep = keep;
    this.scratch = scratch;
    this.events = events;
  }

  /** Saves the state; one that cannot be carried to its place is a warning. */
  void save(TrainableNetwork network, TrainingIdentity identity, TrainingPosition position) {
    await();
    long began = System.nanoTime();
    String name = name(position);
    Path directory = scratch.resolve(name);
    try {
      Files.createDirectories(directory);
      network.save(directory.resolve("variables"));
    } catch (IOException | RuntimeException e) {
      deleteQuietly(directory);
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
      for (Path file : files) {
        folder.upload(file, name + "/" + file.getFileName());
      }
      folder.write(name + "/" + MANIFEST, CheckpointManifest.of(identity, position, files).json());
      for (String old : superseded(name)) {
        delete(old);
      }
      saved = Optional.of(position);
      return new TrainingEvent.CheckpointSaved(
          folder.folder(name).uri(), position.globalStep(), (System.nanoTime() - began) / 1e9);
    } catch (IOException | RuntimeException e) {
      return notSaved(name, e);
    } finally {
      deleteQuietly(directory);
    }
  }

  /**
   * What a new checkpoint makes superfluous: older ones beyond those to keep, and what a broken
   * save left. Newer ones are damaged, and do not count.
   */
  private List<String> superseded(String name) throws IOException {
    List<String> files = folder.list();
    List<String> kept =
        begun(files).stream()
            .dropWhile(other -> !other.equals(name))
            .filter(other -> files.contains(other + "/" + MANIFEST))
            .limit(keep)
            .toList();
    return begun(files).stream()
        .dropWhile(other -> !other.equals(name))
        .filter(other -> !kept.contains(other))
        .toList();
  }

  private TrainingEvent notSaved(String name, Exception e) {
    return new TrainingEvent.Warning(
        "checkpoint %s could not be saved: %s".formatted(folder.folder(name).uri(), describe(e)));
  }

  /**
   * Whether the last save was of this position and has arrived; to be asked after {@link #await}.
   */
  boolean hold(TrainingPosition position) {
    return saved.filter(position::equals).isPresent();
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

  /**
   * Restores the newest complete checkpoint into the network. One that is damaged or half-written
   * is passed over with a warning.
   *
   * @return how far the checkpoint is; empty where there is none
   * @throws BadInputException where the checkpoint is of another run
   */
  Optional<TrainingPosition> restoreNewest(TrainableNetwork network, TrainingIdentity identity)
      throws IOException {
    for (String name : begun(folder.list())) {
      Path directory = scratch.resolve("restore-" + name);
      try {
        CheckpointManifest manifest = download(name, directory);
        refuseAnotherRun(name, manifest.identity(), identity);
        network.restore(directory.resolve("variables"));
        events.accept(
            new TrainingEvent.Resumed(
                folder.folder(name).uri(),
                manifest.position().epoch(),
                manifest.position().globalStep(),
                manifest.position().history()));
        return Optional.of(manifest.position());
      } catch (CheckpointManifest.DamagedException e) {
        passOver(name, describe(e));
      } catch (NoSuchFileException e) {
        passOver(name, "incomplete: there is no " + e.getFile());
      } finally {
        deleteQuietly(directory);
      }
    }
    return Optional.empty();
  }

  private void passOver(String name, String why) {
    events.accept(
        new TrainingEvent.Warning(
            "checkpoint %s is damaged (%s): trying the one before"
                .formatted(folder.folder(name).uri(), why)));
  }

  private CheckpointManifest download(String name, Path directory) throws IOException {
    CheckpointManifest manifest;
    try (InputStream in = folder.open(name + "/" + MANIFEST)) {
      manifest = CheckpointManifest.read(in);
    }
    Files.createDirectories(directory);
    for (String file : manifest.digests().keySet()) {
      Path target = directory.resolve(file);
      folder.download(name + "/" + file, target);
      manifest.require(target);
    }
    return manifest;
  }

  private void refuseAnotherRun(String name, TrainingIdentity saved, TrainingIdentity identity) {
    List<String> differences = identity.differencesFrom(saved);
    if (!differences.isEmpty()) {
      throw new BadInputException(
          "checkpoint %s is of another training: it differs in %s. Give another --output, or the same configuration"
              .formatted(folder.folder(name).uri(), String.join(", ", differences)));
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

  /** Names of all checkpoints of which there is a file, the newest first. */
  private static List<String> begun(List<String> files) {
    return files.stream()
        .map(NAME::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .distinct()
        .sorted(
            Comparator.comparingLong(Checkpoints::step).reversed().thenComparingInt(String::length))
        .toList();
  }

  private static long step(String name) {
    return Long.parseLong(name.substring(PREFIX.length()).replaceFirst("-.*", ""));
  }

  /** Within an epoch the name says so: after its last step, the validation has yet to come. */
  private static String name(TrainingPosition position) {
    String name = PREFIX + "%08d".formatted(position.globalStep());
    return position.step() == 0 ? name : name + "-in-epoch-" + position.epoch();
  }

  /** The manifest goes first: what is left of a broken deletion is no checkpoint. */
  private void delete(String name) throws IOException {
    folder.delete(name + "/" + MANIFEST);
    for (String file : folder.list()) {
      if (file.startsWith(name + "/")) {
        folder.delete(file);
      }
    }
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static void deleteQuietly(Path directory) {
    try {
      if (Files.isDirectory(directory)) {
        for (Path file : filesIn(directory)) {
          Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
      }
    } catch (IOException _) {
      // What stays lies in the scratch directory, which goes with the process.
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
