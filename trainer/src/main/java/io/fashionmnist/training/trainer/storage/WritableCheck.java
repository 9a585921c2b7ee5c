package io.fashionmnist.training.trainer.storage;

import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
      folder.write(probe, new byte[size]);
      folder.delete(probe);
    } catch (UnsupportedOperationException e) {
      throw new BadInputException(
          "Cannot write to %s: web addresses are for reading; give a path or gs://bucket/prefix."
              .formatted(folder.uri()),
          e);
    } catch (IOException e) {
      throw orBadInput(folder, e);
    } finally {
      deleteEmpty(made);
    }
  }

  /**
   * Tells the failures of writing apart.
   *
   * @return the failure, where it may work later
   * @throws BadInputException where trying again would not help
   */
  public static IOException orBadInput(Folder folder, IOException failure) {
    String advice =
        folder.uri().startsWith("gs://") ? bucketAdvice(failure) : directoryAdvice(failure);
    if (advice == null) {
      return failure;
    }
    throw new BadInputException("Cannot write to %s: %s".formatted(folder.uri(), advice), failure);
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

  private static String bucketAdvice(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ ->
          "there is no such bucket; create it with `gcloud storage buckets create` or correct the"
              + " name.";
      case AccessDeniedException denied ->
          "%s; grant this identity roles/storage.objectUser on the bucket."
              .formatted(denied.getReason());
      default -> null;
    };
  }

  private static String directoryAdvice(IOException failure) {
    String said = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (said.contains("no space left") || said.contains("quota exceeded")) {
      return "no space left on it; free some or choose another directory.";
    }
    if (said.contains("read-only file system")) {
      return "the file system is read-only; choose another directory, or mount a volume there.";
    }
    return switch (failure) {
      case AccessDeniedException denied -> noPermission(denied);
      case FileSystemException e when said.contains("not permitted") -> noPermission(e);
      case FileAlreadyExistsException exists -> fileInTheWay(exists.getFile());
      case FileSystemException e when said.contains("not a directory") -> fileInTheWay(e.getFile());
      case NoSuchFileException missing ->
          "%s cannot be created; choose another directory.".formatted(missing.getFile());
      default -> null;
    };
  }

  private static String noPermission(FileSystemException e) {
    return "no permission at %s; change its owner or mode, or choose another directory."
        .formatted(e.getFile());
  }

  private static String fileInTheWay(String path) {
    return "there is a file where a directory should be, on the way to %s; choose another directory."
        .formatted(path);
  }
}
