package io.fashionmnist.training.trainer.storage;

import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Finds out, by doing it, whether files can be written to a folder. */
public final class WritableCheck {
  private WritableCheck() {}

  /**
   * Writes a file and deletes it, and the directories that it took.
   *
   * @param size bytes to write: about as much as will be needed at least
   * @throws BadInputException if it does not work and trying again would not help
   * @throws IOException if it does not work but may later
   */
  public static void check(Folder folder, int size) throws IOException {
    String probe = ".write-check-" + UUID.randomUUID();
    List<Path> made = folder instanceof LocalFolder local ? local.missingDirectories() : List.of();
    try {
      Writing.to(
          folder,
          () -> {
            folder.write(probe, new byte[size]);
            folder.delete(probe);
          });
    } catch (UnsupportedOperationException e) {
      throw new BadInputException(
          "Cannot write to %s: web addresses are for reading; give a path or gs://bucket/prefix."
              .formatted(folder.uri()),
          e);
    } finally {
      deleteEmpty(made);
    }
  }

  private static void deleteEmpty(List<Path> directories) {
    try {
      for (Path directory : directories) {
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      // Somebody else uses one of them by now.
      return;
    }
  }
}
