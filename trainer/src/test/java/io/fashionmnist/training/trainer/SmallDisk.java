package io.fashionmnist.training.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A file system in memory, of a size that is soon used up. */
final class SmallDisk implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  private final Path directory;
  private final CountDownLatch closed = new CountDownLatch(1);

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /**
   * Mounts one.
   *
   * @return empty where this process may not
   */
  static Optional<SmallDisk> mount(Path directory, long bytes)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    return call("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", directory.toString())
        ? Optional.of(new SmallDisk(directory))
        : Optional.empty();
  }

  Path directory() {
    return directory;
  }

  /** Uses up what is free but for so many bytes, and what others free later, until it is closed. */
  void keepFull(long left) {
    Thread.ofVirtual()
        .start(
            () -> {
              do {
                fill(left);
              } while (!isClosedWithin(20));
            });
  }

  private void fill(long left) {
    try {
      long free = Files.getFileStore(directory).getUsableSpace() - left;
      while (free > 0) {
        Files.write(
            directory.resolve("filling"),
            new byte[(int) Math.min(free, CHUNK)],
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
        free = Files.getFileStore(directory).getUsableSpace() - left;
      }
    } catch (IOException e) {
      // Others were faster: it is full.
    }
  }

  private boolean isClosedWithin(long millis) {
    try {
      return closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static boolean call(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0;
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    try {
      call("umount", "--lazy", directory.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
