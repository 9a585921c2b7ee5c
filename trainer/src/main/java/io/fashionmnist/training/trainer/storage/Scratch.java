package io.fashionmnist.training.trainer.storage;

import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A local directory for files on their way, which goes when this is closed. */
public record Scratch(Path directory) implements AutoCloseable {

  /**
   * Makes one where temporary files lie.
   *
   * @throws BadInputException if it cannot be made
   */
  public static Scratch make() {
    try {
      return new Scratch(Files.createTempDirectory("fashion-trainer"));
    } catch (IOException e) {
      throw new BadInputException(
          "No temporary directory can be made in %s: mount a writable one there"
              .formatted(System.getProperty("java.io.tmpdir")),
          e);
    }
  }

  /** A file or directory in it. */
  public Path resolve(String name) {
    return directory.resolve(name);
  }

  /**
   * Writes files here, by whatever means: TensorFlow's failures are unchecked.
   *
   * @throws BadInputException where there is no room; its message names the directory
   */
  public void write(Writing.Call call) throws IOException {
    try {
      call.run();
    } catch (IOException | RuntimeException e) {
      if (Writing.lacksRoom(e)) {
        throw new BadInputException(
            "No space left in the temporary directory %s: free some, or mount a larger one at %s"
                .formatted(directory, directory.toAbsolutePath().getParent()),
            e);
      }
      throw e;
    }
  }

  /** Deletes a file, or a directory and all that is in it, as far as possible. */
  public static void deleteQuietly(Path tree) {
    if (Files.notExists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException _) {
      // What stays lies beside what it was to become, or where temporary files lie: no reason to
      // fail.
    }
  }

  @Override
  public void close() {
    deleteQuietly(directory);
  }
}
