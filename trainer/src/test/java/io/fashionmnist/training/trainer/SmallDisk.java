package io.fashionmnist.training.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file system in memory, of a size that is soon used up. */
record SmallDisk(Path directory) implements AutoCloseable {

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

  /** Uses it up but for so many bytes. */
  void fill(long left) throws IOException {
    long free = Files.getFileStore(directory).getUsableSpace();
    Files.write(directory.resolve("filling"), new byte[Math.toIntExact(free - left)]);
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
    try {
      call("umount", "--lazy", directory.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
