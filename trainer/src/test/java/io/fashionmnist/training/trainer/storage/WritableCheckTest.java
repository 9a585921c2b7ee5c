package io.fashionmnist.training.trainer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fashionmnist.training.trainer.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WritableCheckTest {
  @TempDir Path directory;

  @Test
  void refusesAFileInPlaceOfADirectory() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");

    assertThatThrownBy(() -> WritableCheck.check(new LocalFolder(file), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("there is a file where a directory should be");
    assertThatThrownBy(() -> WritableCheck.check(new LocalFolder(file.resolve("below/it")), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("there is a file where a directory should be");
    assertThat(file).hasContent("x");
  }

  /** The kernel's own file system refuses even root. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void refusesWhereNoDirectoryCanBeMade() {
    assertThatThrownBy(() -> WritableCheck.check(new LocalFolder(Path.of("/proc/output")), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "Cannot write to /proc/output: /proc/output cannot be created; choose another"
                + " directory.");
  }

  @Test
  void refusesALinkThatLeadsNowhere() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("nowhere"));

    assertThatThrownBy(() -> WritableCheck.check(new LocalFolder(link), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("Cannot write to " + link);
    assertThat(link).isSymbolicLink();
  }

  @Test
  void leavesNoDirectoriesBehind() throws Exception {
    Path kept = Files.createDirectory(directory.resolve("kept"));

    WritableCheck.check(new LocalFolder(kept.resolve("new/output")), 10);

    assertThat(kept).isEmptyDirectory();
  }

  @Test
  void refusesWithoutPermission() throws Exception {
    Path locked = Files.createDirectory(directory.resolve("locked"));
    assumeTrue(locked.toFile().setWritable(false) && !Files.isWritable(locked), "root may all");

    assertThatThrownBy(() -> WritableCheck.check(new LocalFolder(locked.resolve("run")), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no permission at " + locked.resolve("run"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void saysWhatToDo(IOException failure, String advice) {
    assertThatThrownBy(() -> WritableCheck.check(new FailingFolder(failure), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("Cannot write to /data/out: ")
        .hasMessageContaining(advice);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            new FileSystemException("/data/out", null, "Read-only file system"),
            "the file system is read-only"),
        Arguments.of(new IOException("No space left on device"), "no space left"),
        Arguments.of(
            new FileSystemException("/data/out", null, "Disk quota exceeded"), "no space left"),
        Arguments.of(
            new FileSystemException("/data/out", null, "Operation not permitted"),
            "no permission at /data/out"),
        Arguments.of(new AccessDeniedException("/data"), "no permission at /data"));
  }

  @Test
  void leavesToTheCallerWhatMayWorkLater() {
    IOException failure = new IOException("Input/output error");

    assertThatThrownBy(() -> WritableCheck.check(new FailingFolder(failure), 1))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("Cannot write to /data/out: Input/output error")
        .hasCause(failure);
  }

  private record FailingFolder(IOException failure) implements Folder {
    @Override
    public String uri() {
      return "/data/out";
    }

    @Override
    public Folder folder(String name) {
      return this;
    }

    @Override
    public List<String> list() {
      return List.of();
    }

    @Override
    public InputStream open(String name) throws IOException {
      throw failure;
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
      throw failure;
    }

    @Override
    public void upload(Path source, String name) throws IOException {
      throw failure;
    }

    @Override
    public void delete(String name) {}
  }
}
