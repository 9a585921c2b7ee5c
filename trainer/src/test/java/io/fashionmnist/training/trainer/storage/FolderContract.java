package io.fashionmnist.training.trainer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every folder that can be written does. */
abstract class FolderContract {
  @TempDir Path scratch;

  /** An empty folder that nobody else uses. */
  abstract Folder folder() throws Exception;

  @Test
  void givesBackWhatWasWritten() throws Exception {
    Folder folder = folder();

    folder.write("a.json", bytes("one"));
    folder.write("below/b.bin", new byte[0]);

    assertThat(read(folder, "a.json")).isEqualTo(bytes("one"));
    assertThat(read(folder, "below/b.bin")).isEmpty();
    assertThat(read(folder.folder("below"), "b.bin")).isEmpty();
    assertThat(folder.folder("below").uri()).isEqualTo(folder.uri() + "/below");
  }

  @Test
  void replacesWhatWasThere() throws Exception {
    Folder folder = folder();
    folder.write("a", bytes("a long first version"));

    folder.write("a", bytes("second"));

    assertThat(read(folder, "a")).isEqualTo(bytes("second"));
    assertThat(folder.list()).containsExactly("a");
  }

  @Test
  void listsAllFilesBelowSorted() throws Exception {
    Folder folder = folder();
    assertThat(folder.list()).isEmpty();
    folder.write("b", bytes("1"));
    folder.write("a/z/y", bytes("2"));
    folder.write("a/x", bytes("3"));
    folder.write("ab/x", bytes("4"));

    assertThat(folder.list()).containsExactly("a/x", "a/z/y", "ab/x", "b");
    assertThat(folder.folder("a").list()).containsExactly("x", "z/y");
    assertThat(folder.folder("nothing").list()).isEmpty();
  }

  @Test
  void namesTheFilesThatAreNotBelow() throws Exception {
    Folder folder = folder();
    assertThat(folder.names()).isEmpty();
    folder.write("b", bytes("1"));
    folder.write("a/z/y", bytes("2"));
    folder.write("a/x", bytes("3"));
    folder.write("a/w", bytes("4"));

    assertThat(folder.names()).containsExactly("b");
    assertThat(folder.folder("a").names()).containsExactly("w", "x");
  }

  @Test
  void saysWhenAFileIsNotThere() throws Exception {
    Folder folder = folder();
    folder.write("a/x", bytes("1"));

    assertThatThrownBy(() -> folder.open("missing"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(folder.uri() + "/missing");
    assertThatThrownBy(() -> folder.open("a")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> folder.download("missing", scratch.resolve("copy")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(scratch.resolve("copy")).doesNotExist();
  }

  @Test
  void deletes() throws Exception {
    Folder folder = folder();
    folder.write("a", bytes("1"));

    folder.delete("a");
    folder.delete("a");

    assertThat(folder.list()).isEmpty();
  }

  @Test
  void copiesFilesThereAndBack() throws Exception {
    Folder folder = folder();
    byte[] content = new byte[20 << 20];
    new Random(1).nextBytes(content);
    Path source = Files.write(scratch.resolve("source"), content);

    folder.upload(source, "weights/data-00000-of-00001");
    folder.download("weights/data-00000-of-00001", scratch.resolve("back"));

    assertThat(scratch.resolve("back")).hasBinaryContent(content);
  }

  @Test
  void leavesCompressedFilesAsTheyAre() throws Exception {
    Folder folder = folder();
    Path packed = scratch.resolve("images.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(new byte[1_000]);
    }

    folder.upload(packed, "images.gz");

    assertThat(read(folder, "images.gz")).isEqualTo(Files.readAllBytes(packed));
  }

  @Test
  void showsNoReaderAPart() throws Exception {
    Folder folder = folder();
    byte[] old = filled('a');
    byte[] young = filled('b');
    folder.write("report.json", old);
    AtomicBoolean done = new AtomicBoolean();
    Callable<Integer> reader =
        () -> {
          int reads = 0;
          while (!done.get()) {
            assertThat(read(folder, "report.json")).isIn(old, young);
            reads++;
          }
          return reads;
        };

    try (ExecutorService readers = Executors.newSingleThreadExecutor()) {
      Future<Integer> reads = readers.submit(reader);
      for (int i = 0; i < 100; i++) {
        folder.write("report.json", i % 2 == 0 ? young : old);
      }
      done.set(true);
      assertThat(reads.get()).isPositive();
    }
  }

  @Test
  void isWritable() throws Exception {
    Folder folder = folder();

    WritableCheck.check(folder.folder("new/output"), 100_000);

    assertThat(folder.list()).isEmpty();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] read(Folder folder, String name) throws IOException {
    try (InputStream in = folder.open(name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] filled(char c) {
    return Character.toString(c).repeat(100_000).getBytes(StandardCharsets.UTF_8);
  }
}
