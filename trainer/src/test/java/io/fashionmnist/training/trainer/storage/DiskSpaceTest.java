package io.fashionmnist.training.trainer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.storage.DiskSpace.Need;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
  private static final int MB = 1_000_000;

  @TempDir Path directory;
  private Path output;
  private Path temporary;

  @BeforeEach
  void makeDirectories() throws IOException {
    output = Files.createDirectory(directory.resolve("output"));
    temporary = Files.createDirectory(directory.resolve("tmp"));
  }

  @Test
  void whatFitsIsWelcome() {
    assertThatCode(() -> disks(50, 10).require(needs(30, 20, 10))).doesNotThrowAnyException();
  }

  @Test
  void theNeedsOnOneDiskAreTakenTogether() {
    assertThatThrownBy(() -> disks(49, 10).require(needs(30, 20, 10)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "Not enough room at %s/checkpoints: 4 checkpoints (30.0 MB), the model (20.0 MB) will be written there, 50.0 MB in all, and 49.0 MB are free; free some, or choose another place"
                .formatted(output));
  }

  @Test
  void theDiskThatIsFullIsTheOneThatIsNamed() {
    assertThatThrownBy(() -> disks(50, 9).require(needs(30, 20, 10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("Not enough room at " + temporary + ": ")
        .hasMessageContaining("10.0 MB in all, and 9.0 MB are free");
  }

  @Test
  void aFileSystemThatDoesNotTellIsTried() {
    FileStore silent = new Store("mounted bucket", 0, 0);
    DiskSpace disks = new DiskSpace(_ -> silent);

    assertThatCode(() -> disks.require(needs(30, 20, 10))).doesNotThrowAnyException();
    assertThatCode(
            () ->
                new DiskSpace(
                        _ -> {
                          throw new IOException("nobody knows");
                        })
                    .require(needs(30, 20, 10)))
        .doesNotThrowAnyException();
  }

  @Test
  void whatIsThereAlreadyNeedsNoRoomAgain() throws Exception {
    LocalFolder folder = new LocalFolder(output);
    folder.write("step-1/variables", new byte[300]);

    assertThat(Need.in(folder, "checkpoints", 1_000))
        .containsExactly(new Need(folder.path(""), "checkpoints", 700));
    assertThat(Need.in(folder, "checkpoints", 300)).isEmpty();
    assertThat(Need.in(folder.folder("none"), "checkpoints", 300)).hasSize(1);
  }

  @Test
  void aBucketHasRoom() throws Exception {
    try (FolderLocator locator = new FolderLocator(Map.of())) {
      assertThat(Need.in(locator.locate("gs://fashion/run"), "checkpoints", 1L << 50)).isEmpty();
    }
  }

  private List<Need> needs(long checkpoints, long model, long onTheirWay) {
    // The output's own folders are made by their first files.
    return List.of(
        new Need(output.resolve("checkpoints"), "4 checkpoints", checkpoints * MB),
        new Need(output.resolve("model"), "the model", model * MB),
        new Need(temporary, "a checkpoint and the model on their way", onTheirWay * MB));
  }

  private DiskSpace disks(long atOutput, long atTemporary) {
    FileStore one = new Store("output", 100 * MB, atOutput * MB);
    FileStore other = new Store("temporary", 100 * MB, atTemporary * MB);
    return new DiskSpace(path -> path.startsWith(output) ? one : other);
  }

  private static final class Store extends FileStore {
    private final String name;
    private final long total;
    private final long usable;

    Store(String name, long total, long usable) {
      this.name = name;
      this.total = total;
      this.usable = usable;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String type() {
      return "memory";
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public long getTotalSpace() {
      return total;
    }

    @Override
    public long getUsableSpace() {
      return usable;
    }

    @Override
    public long getUnallocatedSpace() {
      return usable;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
      return false;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
      return false;
    }

    @Override
    public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
      return null;
    }

    @Override
    public Object getAttribute(String attribute) {
      throw new UnsupportedOperationException();
    }
  }
}
