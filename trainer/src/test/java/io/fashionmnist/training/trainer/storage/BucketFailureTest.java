package io.fashionmnist.training.trainer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fashionmnist.training.trainer.BadInputException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

/** What Cloud Storage refuses, in its own words. */
class BucketFailureTest {
  @Test
  void namesTheMissingPermission() throws Exception {
    try (RefusingBucket bucket = RefusingBucket.withoutPermission("storage.objects.create");
        FolderLocator locator = new FolderLocator(bucket.environment())) {
      Folder folder = locator.locate("gs://fashion/run");

      assertThatThrownBy(() -> folder.write("a", new byte[1]))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("gs://fashion/run/a")
          .hasMessageContaining("needs storage.objects.create")
          .hasMessageContaining("trainer@p.iam.gserviceaccount.com");
      assertThatThrownBy(() -> folder.open("a"))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("needs storage.objects.get");
      assertThatThrownBy(folder::list)
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("needs storage.objects.list");
      assertThatThrownBy(() -> folder.delete("a"))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("needs storage.objects.delete");
      assertThatThrownBy(() -> WritableCheck.check(folder, 1))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith("Cannot write to gs://fashion/run: needs storage.objects.create")
          .hasMessageEndingWith("grant this identity roles/storage.objectUser on the bucket.");
    }
  }

  @Test
  void asksForCredentials() throws Exception {
    try (RefusingBucket bucket =
            new RefusingBucket(
                401,
                "Anonymous caller does not have storage.objects.create access.",
                Integer.MAX_VALUE);
        FolderLocator locator = new FolderLocator(bucket.environment())) {
      Folder folder = locator.locate("gs://fashion/run");

      assertThatThrownBy(() -> folder.write("a", new byte[1]))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("needs credentials with storage.objects.create");
      assertThatThrownBy(() -> WritableCheck.check(folder, 1))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(
              "Cannot write to gs://fashion/run: needs credentials with storage.objects.create")
          .hasMessageEndingWith(
              "run `gcloud auth application-default login` or set GOOGLE_APPLICATION_CREDENTIALS")
          .hasMessageNotContaining("grant");
    }
  }

  @Test
  void triesAgainWhenTheServiceIsBusy() throws Exception {
    try (RefusingBucket bucket = new RefusingBucket(503, "Backend Error", 1);
        FolderLocator locator = new FolderLocator(bucket.environment())) {
      locator.locate("gs://fashion/run").write("a", new byte[1]);

      assertThat(bucket.requests()).isEqualTo(2);
    }
  }
}
