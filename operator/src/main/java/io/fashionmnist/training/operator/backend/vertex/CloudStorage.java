package io.fashionmnist.training.operator.backend.vertex;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Bucket;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BucketField;
import com.google.cloud.storage.Storage.BucketGetOption;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import io.fashionmnist.training.api.training.CompactReport;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** What the operator looks up in Cloud Storage: where a bucket is, and how far a trainer is. */
final class CloudStorage {
  private static final Logger LOG = Logger.getLogger(CloudStorage.class);
  private static final String SCHEME = "gs://";
  private static final int NOT_FOUND = 404;

  /** Several times what a report of the most classes takes. */
  private static final long LARGEST_REPORT = 16L << 20;

  private final Optional<String> emulator;
  private final OutboundCalls calls;
  private final ObjectMapper mapper =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private volatile Optional<Storage> storage = Optional.empty();

  /**
   * @param emulator its address instead of Google's, without credentials
   * @param calls is told of each call
   */
  CloudStorage(Optional<String> emulator, OutboundCalls calls) {
    this.emulator = emulator;
    this.calls = calls;
  }

  /**
   * An object that should have a report.
   *
   * @param report empty where it has none that can be read
   */
  record Seen(Optional<TrainingReport> report, long generation) {}

  /**
   * Where a bucket is: a region such as us-central1, or several, such as us.
   *
   * @throws StorageException if it can't be told
   */
  Optional<String> location(String bucket) {
    return Optional.ofNullable(
            timed(
                "GetBucket",
                () -> client().get(bucket, BucketGetOption.fields(BucketField.LOCATION))))
        .map(Bucket::getLocation);
  }

  /**
   * The report below an attempt's output, if there is one newer than the one seen.
   *
   * @param seen generation of the one seen; 0 for none
   * @throws StorageException if it can't be read
   */
  Optional<Seen> report(String outputUri, long seen) {
    String[] parts = outputUri.substring(SCHEME.length()).split("/", 2);
    String folder = parts.length == 2 ? parts[1] + "/" : "";
    Blob blob =
        timed(
            "GetObject",
            () ->
                client()
                    .get(
                        BlobId.of(parts[0], folder + "report.json"),
                        BlobGetOption.fields(
                            Storage.BlobField.GENERATION, Storage.BlobField.SIZE)));
    if (blob == null || blob.getGeneration() == seen) {
      return Optional.empty();
    }
    if (blob.getSize() != null && blob.getSize() > LARGEST_REPORT) {
      LOG.infof(
          "report.json below %s is none: it has %d bytes, and %d are the most",
          outputUri, blob.getSize(), LARGEST_REPORT);
      return Optional.of(new Seen(Optional.empty(), blob.getGeneration()));
    }
    try {
      // Of that generation: the trainer may just be writing another.
      byte[] content = timed("ReadObject", () -> client().readAllBytes(blob.getBlobId()));
      return Optional.of(new Seen(parsed(content, outputUri), blob.getGeneration()));
    } catch (StorageException e) {
      if (e.getCode() == NOT_FOUND) {
        // Another was written meanwhile.
        return report(outputUri, seen);
      }
      throw e;
    }
  }

  /** The tenant's trainer may have written anything. */
  private Optional<TrainingReport> parsed(byte[] content, String outputUri) {
    try {
      return Optional.ofNullable(mapper.readValue(content, TrainingReport.class))
          .map(CompactReport::of);
    } catch (IOException | NullPointerException e) {
      LOG.infof("report.json below %s is none: %s", outputUri, e.getMessage());
      return Optional.empty();
    }
  }

  /** The code of a failure is HTTP's; 0 where none came. */
  private <T> T timed(String method, Supplier<T> call) {
    long begin = System.nanoTime();
    String result = "OK";
    try {
      return call.get();
    } catch (StorageException e) {
      result = "HTTP_" + e.getCode();
      throw e;
    } finally {
      calls.ended("Storage", method, result, Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  private synchronized Storage client() {
    if (storage.isEmpty()) {
      var options =
          StorageOptions.newBuilder()
              .setRetrySettings(
                  RetrySettings.newBuilder()
                      .setTotalTimeoutDuration(Duration.ofSeconds(5))
                      .setMaxAttempts(2)
                      .build());
      emulator.ifPresent(
          url ->
              options
                  .setHost(url)
                  .setProjectId("emulator")
                  .setCredentials(NoCredentials.getInstance()));
      storage = Optional.of(options.build().getService());
    }
    return storage.get();
  }
}
