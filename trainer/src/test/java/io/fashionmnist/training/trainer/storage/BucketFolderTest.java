package io.fashionmnist.training.trainer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fashionmnist.training.trainer.BadInputException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Buckets, against the fake-gcs-server program. */
class BucketFolderTest extends FolderContract {
  private static FakeGcsServer server;
  private static FolderLocator locator;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = FakeGcsServer.program();
    assumeTrue(
        program.isPresent(),
        "FAKE_GCS_SERVER does not name the fake-gcs-server program: buckets are not tested.");
    server = FakeGcsServer.start(program.get());
    server.createBucket("fashion");
    locator = new FolderLocator(server.environment());
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      locator.close();
      server.close();
    }
  }

  @Override
  Folder folder() {
    return locator.locate("gs://fashion/runs/" + UUID.randomUUID());
  }

  @Test
  void mayBeAWholeBucket() throws Exception {
    server.createBucket("whole");
    Folder folder = locator.locate("gs://whole");

    folder.write("a/b", bytes("1"));

    assertThat(folder.uri()).isEqualTo("gs://whole");
    assertThat(folder.list()).containsExactly("a/b");
    assertThat(folder.folder("a").uri()).isEqualTo("gs://whole/a");
  }

  @Test
  void skipsFolderPlaceholders() throws Exception {
    Folder folder = folder();
    folder.write("below/", bytes(""));
    folder.write("below/a", bytes("1"));

    assertThat(folder.list()).containsExactly("below/a");
  }

  @Test
  void saysWhenTheBucketIsNotThere() {
    Folder folder = locator.locate("gs://nobodys-bucket/run");

    assertThatThrownBy(() -> folder.open("a")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(folder::list).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> WritableCheck.check(folder, 10))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "Cannot write to gs://nobodys-bucket/run: there is no such bucket; create it with"
                + " `gcloud storage buckets create` or correct the name.");
  }
}
