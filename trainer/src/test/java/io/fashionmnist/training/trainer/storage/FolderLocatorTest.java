package io.fashionmnist.training.trainer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fashionmnist.training.trainer.BadInputException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderLocatorTest {
  private final FolderLocator locator = new FolderLocator(Map.of());

  @ParameterizedTest
  @CsvSource({
    "runs/one, runs/one",
    "/gcs/bucket/run, /gcs/bucket/run",
    "file:///data/a%20b, /data/a b",
    "file:/data, /data",
    "C:weird, C:weird",
    "gs://bucket, gs://bucket",
    "gs://bucket/, gs://bucket",
    "gs://my.bucket_1/a/b/, gs://my.bucket_1/a/b",
    "GS://bucket/A, gs://bucket/A",
    "https://host/fashion?sig=1, https://host/fashion?sig=1",
    "http://localhost:8080, http://localhost:8080",
  })
  void findsAFolder(String uri, String shown) {
    assertThat(locator.locate(uri).uri()).isEqualTo(shown);
  }

  @Test
  void refusesUnknownSchemes() {
    assertThatThrownBy(() -> locator.locate("s3://bucket/run"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "s3://bucket/run: unknown scheme s3://; what works is a path, file:///, gs:// or (for"
                + " reading) https://.");
  }

  @Test
  void leavesClaimsToTheOperator() {
    assertThatThrownBy(() -> locator.locate("pvc://claim/path"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("pvc://claim/path: only the operator can mount a claim")
        .hasMessageContaining("file:///, gs:// or");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "gs://",
        "gs:///run",
        "gs:/bucket",
        "gs://My Bucket/x",
        "gs://b",
        "file://host/x",
        "https:///path",
        "https://a b/",
        "a\0b"
      })
  void refusesWhatIsMalformed(String uri) {
    assertThatThrownBy(() -> locator.locate(uri))
        .isInstanceOf(BadInputException.class)
        .message()
        .satisfies(message -> assertThat(message).doesNotContain("\n"));
  }
}
