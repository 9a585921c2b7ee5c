package io.fashionmnist.training.trainer.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory or a bucket prefix. File names are relative to it and may contain {@code /}.
 *
 * <p>Every method throws {@link java.nio.file.NoSuchFileException} for a file that is not there,
 * {@link java.nio.file.AccessDeniedException} where permission is missing, and another {@link
 * IOException} for what may work later.
 */
public interface Folder {

  /** Where it is, as the user would write it. */
  String uri();

  /** A folder below this one; nothing is created before a file is written. */
  Folder folder(String name);

  /** Names of all files below, sorted. Empty where nothing is. */
  List<String> list() throws IOException;

  /** Names of the files in the folder itself, sorted, however many are below. */
  default List<String> names() throws IOException {
    return list().stream().filter(name -> !name.contains("/")).toList();
  }

  /** Opens a file for reading, from its start, as a stream. */
  InputStream open(String name) throws IOException;

  /** Writes a file so that a reader sees the old content or the new, never a part. */
  void write(String name, byte[] content) throws IOException;

  /** Copies a local file here, as atomically as {@link #write}. */
  void upload(Path source, String name) throws IOException;

  /** Copies a file to a local path. */
  default void download(String name, Path target) throws IOException {
    try (InputStream in = open(name)) {
      java.nio.file.Files.copy(in, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Deletes a file; one that is not there is no error. */
  void delete(String name) throws IOException;

  /**
   * Deletes, as far as possible, what killed writers left below of files that they did not finish.
   * Not to be called while others write.
   */
  default void deleteUnfinished() {}
}
