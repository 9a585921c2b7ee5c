package io.fashionmnist.training.trainer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFolderTest extends FolderContract {
  @TempDir Path directory;

  @Override
  Folder folder() {
    return new LocalFolder(directory.resolve("output"));
  }

  @Test
  void letsOthersReadWhatItWrites() throws Exception {
    folder().write("report.json", bytes("{}"));
    Path byHand = Files.createFile(directory.resolve("by-hand"));

    assertThat(Files.getPosixFilePermissions(directory.resolve("output/report.json")))
        .isEqualTo(Files.getPosixFilePermissions(byHand))
        .contains(PosixFilePermission.OWNER_WRITE);
  }

  @Test
  void keepsTheOldFileAndNoRestsWhenAnUploadFails() throws Exception {
    Folder folder = folder();
    folder.write("a", bytes("old"));

    assertThatThrownBy(() -> folder.upload(directory.resolve("missing"), "a"))
        .isInstanceOf(IOException.class);

    assertThat(read(folder, "a")).isEqualTo(bytes("old"));
    try (var files = Files.list(directory.resolve("output"))) {
      assertThat(files).containsExactly(directory.resolve("output/a"));
    }
  }

  @Test
  void hidesWhatAKilledWriterLeft() throws Exception {
    Folder folder = folder();
    folder.write("a", bytes("1"));
    Files.writeString(directory.resolve("output/.b.0815.part"), "half");

    assertThat(folder.list()).containsExactly("a");
  }

  @Test
  void aDeletionTakesEmptiedDirectoriesAlongButNotTheFolderItself() throws Exception {
    Folder folder = folder();
    folder.write("checkpoints/step-1/a", bytes("1"));
    folder.write("checkpoints/step-2/a", bytes("1"));
    folder.folder("model").write(".probe", bytes("1"));

    folder.folder("checkpoints").delete("step-1/a");
    folder.folder("model").delete(".probe");
    assertThat(directory.resolve("output")).isDirectoryNotContaining("glob:**/model");
    assertThat(directory.resolve("output/checkpoints")).isDirectoryNotContaining("glob:**/step-1");

    folder.delete("checkpoints/step-2/a");
    assertThat(directory.resolve("output")).isEmptyDirectory();
  }

  @Test
  void aLinkIsTheDirectoryThatItLeadsTo() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path link =
        Files.createSymbolicLink(
            Files.createDirectory(directory.resolve("output")).resolve("checkpoints"), elsewhere);
    Folder checkpoints = folder().folder("checkpoints");

    checkpoints.write("step-1/a", bytes("1"));
    checkpoints.write("step-2/a", bytes("2"));
    assertThat(checkpoints.list()).containsExactly("step-1/a", "step-2/a");
    assertThat(elsewhere.resolve("step-1/a")).hasContent("1");

    checkpoints.delete("step-1/a");
    checkpoints.delete("step-2/a");
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(link).isSymbolicLink();
  }

  @Test
  void clearsAwayWhatKilledWritersLeft() throws Exception {
    Folder folder = folder();
    folder.write("step-1/a", bytes("1"));
    folder.write(".hidden", bytes("1"));
    Files.writeString(directory.resolve("output/step-1/.b.0815.part"), "half");
    Path never = Files.createDirectory(directory.resolve("output/step-2"));
    Files.writeString(never.resolve(".a.4711.part"), "half");

    folder.deleteUnfinished();

    assertThat(folder.list()).containsExactly(".hidden", "step-1/a");
    assertThat(directory.resolve("output/step-1")).isDirectoryNotContaining("glob:**.part");
    assertThat(never).doesNotExist();
  }
}
