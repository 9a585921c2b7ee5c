package io.fashionmnist.training.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The real data, where the environment's {@code FASHION_DATA} says where they are. */
class FashionMnistTest {

  @Test
  void isReadAndRecognised() throws Exception {
    String directory = System.getenv().getOrDefault("FASHION_DATA", "");
    assumeTrue(!directory.isEmpty(), "skipped: FASHION_DATA names no directory");

    try (Arena arena = Arena.ofShared()) {
      Dataset data = new DatasetReader(Optional.empty()).read(folder(Path.of(directory)), arena);

      assertThat(data.digest()).isEqualTo(ClassNames.FASHION_MNIST_DIGEST);
      assertThat(data.classNames()).isEqualTo(ClassNames.FASHION_MNIST);
      assertThat(data.train().count()).isEqualTo(60_000);
      assertThat(data.test().count()).isEqualTo(10_000);
      assertThat(data.train().imageBytes()).isEqualTo(28 * 28);
      for (short label = 0; label < 10; label++) {
        assertThat(countOf(label, data.train().labels())).isEqualTo(6_000);
        assertThat(countOf(label, data.test().labels())).isEqualTo(1_000);
      }
    }
  }

  private static int countOf(short label, short[] labels) {
    int count = 0;
    for (short other : labels) {
      count += other == label ? 1 : 0;
    }
    return count;
  }

  private static MemoryFolder folder(Path directory) throws IOException {
    MemoryFolder folder = new MemoryFolder();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        folder.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return folder;
  }
}
