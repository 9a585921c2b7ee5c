package io.fashionmnist.training.trainer.storage;

import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells what goes wrong where files are written: where it is, and whether trying again may help.
 */
public final class Writing {
  private Writing() {}

  /** What writes. */
  @FunctionalInterface
  public interface Call {
    void run() throws IOException;
  }

  /**
   * Writes.
   *
   * @param folder where the call writes to, and nowhere else
   * @throws BadInputException if it does not work and trying again would not help
   * @throws IOException if it does not work but may later; its message names the folder
   */
  public static void to(Folder folder, Call call) throws IOException {
    try {
      call.run();
    } catch (IOException e) {
      String failure = "Cannot write to %s: ".formatted(folder.uri());
      Optional<String> advice =
          folder.uri().startsWith("gs://") ? bucketAdvice(e) : directoryAdvice(e);
      if (advice.isPresent()) {
        throw new BadInputException(failure + advice.get(), e);
      }
      throw new IOException(failure + Optional.ofNullable(e.getMessage()).orElse(e.toString()), e);
    }
  }

  /** Whether a disk had no room, or its owner no more of it. */
  static boolean lacksRoom(Exception failure) {
    String said = said(failure);
    return said.contains("no space left") || said.contains("quota exceeded");
  }

  private static Optional<String> bucketAdvice(IOException failure) {
    return Optional.ofNullable(
        switch (failure) {
          case NoSuchFileException _ ->
              "there is no such bucket; create it with `gcloud storage buckets create` or correct"
                  + " the name.";
          case MissingCredentialsException missing -> missing.getReason();
          case AccessDeniedException denied ->
              "%s; grant this identity roles/storage.objectUser on the bucket."
                  .formatted(denied.getReason());
          default -> null;
        });
  }

  private static Optional<String> directoryAdvice(IOException failure) {
    if (lacksRoom(failure)) {
      return Optional.of("no space left on it; free some or choose another directory.");
    }
    String said = said(failure);
    if (said.contains("read-only file system")) {
      return Optional.of(
          "the file system is read-only; choose another directory, or mount a volume there.");
    }
    return Optional.ofNullable(
        switch (failure) {
          case AccessDeniedException denied -> noPermission(denied);
          case FileSystemException e when said.contains("not permitted") -> noPermission(e);
          case FileAlreadyExistsException exists -> fileInTheWay(exists.getFile());
          case FileSystemException e when said.contains("not a directory") ->
              fileInTheWay(e.getFile());
          case NoSuchFileException missing ->
              "%s cannot be created; choose another directory.".formatted(missing.getFile());
          default -> null;
        });
  }

  private static String said(Exception failure) {
    return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
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
