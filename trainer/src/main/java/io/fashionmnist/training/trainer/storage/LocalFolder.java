package io.fashionmnist.training.trainer.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A directory.
 *
 * <p>As in a bucket, folders below it are there as long as they hold files: a deletion takes the
 * directories that it empties along.
 *
 * <p>A file is written beside its place under a hidden name, flushed to the disk and moved over the
 * old one: whoever reads, and whoever comes after a power cut, finds one of the two whole.
 */
public final class LocalFolder implements Folder {
  private static final String PART = ".part";

  private final Path directory;
  private final Path top;

  public LocalFolder(Path directory) {
    this(directory, directory);
  }

  /**
   * @param top stays, however empty
   */
  private LocalFolder(Path directory, Path top) {
    this.directory = directory;
    this.top = top;
  }

  @Override
  public String uri() {
    return directory.toString();
  }

  @Override
  public LocalFolder folder(String name) {
    return new LocalFolder(directory.resolve(name), top);
  }

  @Override
  public List<String> list() throws IOException {
    return files().stream()
        .filter(file -> !isPart(file))
        .map(file -> file.toString().replace('\\', '/'))
        .sorted()
        .toList();
  }

  @Override
  public List<String> names() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(Files::isRegularFile)
          .filter(file -> !isPart(file))
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** All files below, also those that {@link #list} hides. */
  private List<Path> files() throws IOException {
    if (Files.notExists(directory)) {
      return List.of();
    }
    // A walk follows no link, not even the one that it starts from.
    Path start = directory.toRealPath();
    try (Stream<Path> files = Files.walk(start)) {
      return files.filter(Files::isRegularFile).map(start::relativize).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public InputStream open(String name) throws IOException {
    Path file = path(name);
    if (Files.isDirectory(file)) {
      throw new NoSuchFileException(file.toString(), null, "is a directory");
    }
    return Files.newInputStream(file);
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    replace(name, out -> out.write(content));
  }

  @Override
  public void upload(Path source, String name) throws IOException {
    replace(name, out -> Files.copy(source, out));
  }

  @Override
  public void delete(String name) throws IOException {
    Path file = path(name);
    Files.deleteIfExists(file);
    deleteEmpty(file.toAbsolutePath().getParent());
  }

  @Override
  public void deleteUnfinished() {
    try {
      for (Path file : files()) {
        if (isPart(file)) {
          delete(file.toString());
        }
      }
    } catch (IOException e) {
      // What stays takes room, and does no other harm.
      return;
    }
  }

  /**
   * Deletes a directory and those above it, up to the first that is not empty or has to stay. A
   * link is somebody's own, and would go however full the directory is that it leads to.
   */
  private void deleteEmpty(Path emptied) {
    Path end = top.toAbsolutePath();
    for (Path path = emptied;
        !end.startsWith(path) && !Files.isSymbolicLink(path);
        path = path.getParent()) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        // Not empty, mounted, or another's: nothing that the deletion promised.
        return;
      }
    }
  }

  /** Where a file of this folder lies. */
  public Path path(String name) {
    return directory.resolve(name);
  }

  /** The directories that the first write would make, the outermost last. */
  List<Path> missingDirectories() {
    return Stream.iterate(
            directory.toAbsolutePath(),
            d -> d != null && Files.notExists(d, LinkOption.NOFOLLOW_LINKS),
            Path::getParent)
        .toList();
  }

  private void replace(String name, Content content) throws IOException {
    Path target = path(name);
    Path parent = target.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path part = parent.resolve("." + target.getFileName() + "." + UUID.randomUUID() + PART);
    try {
      // Not Files.createTempFile: that file would be readable by its owner alone.
      try (FileChannel file =
          FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        content.writeTo(Channels.newOutputStream(file));
        file.force(true);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Scratch.deleteQuietly(part);
      throw e;
    }
    flush(parent);
  }

  /** Makes the move itself last; mounted buckets cannot do that, and need not. */
  private static void flush(Path directory) {
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    } catch (IOException e) {
      return;
    }
  }

  private static boolean isPart(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") && name.endsWith(PART);
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }
}
