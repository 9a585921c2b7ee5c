package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.storage.Folder;
import io.fashionmnist.training.trainer.storage.FolderLocator;
import io.fashionmnist.training.trainer.storage.OutputLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a run works: the folders that its URIs name, and a local directory for files on their way,
 * which goes when this is closed.
 */
final class Workplace implements AutoCloseable {
  private final Map<String, String> environment;
  private final FolderLocator folders;
  private Optional<Path> scratch = Optional.empty();

  /** Touches neither disk nor network. */
  Workplace(Map<String, String> environment) {
    this.environment = environment;
    this.folders = new FolderLocator(environment);
  }

  /**
   * The folder that a URI names.
   *
   * @throws BadInputException if it names none
   */
  Folder folder(String uri) {
    return folders.locate(uri);
  }

  /**
   * The folders of an output.
   *
   * @throws BadInputException if it, or one of Vertex AI's variables, names none
   */
  OutputLayout output(String uri) {
    return OutputLayout.of(uri, environment, folders::locate);
  }

  /**
   * Makes the local directory.
   *
   * @throws BadInputException if it cannot be made
   */
  Path makeScratch() {
    try {
      Path directory = Files.createTempDirectory("fashion-trainer");
      scratch = Optional.of(directory);
      return directory;
    } catch (IOException e) {
      throw new BadInputException(
          "No temporary directory can be made in %s: mount a writable one there"
              .formatted(System.getProperty("java.io.tmpdir")),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      folders.close();
    } finally {
      scratch.ifPresent(Workplace::deleteQuietly);
    }
  }

  private static void deleteQuietly(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException _) {
      // It lies where temporary files lie: no reason to fail.
    }
  }
}
