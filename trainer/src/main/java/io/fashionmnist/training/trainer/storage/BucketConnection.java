package io.fashionmnist.training.trainer.storage;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.NoCredentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The client for Google Cloud Storage, made at its first use: loading it takes half a second that
 * nobody without a bucket should wait for.
 */
final class BucketConnection implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int READ_TIMEOUT_MILLIS = 60_000;

  private final Optional<String> emulator;
  private Storage storage;

  /**
   * @param emulator address of an emulator ({@code host:port} or a URL), which is asked without
   *     credentials; without one, Google is asked with the application default credentials
   */
  BucketConnection(Optional<String> emulator) {
    this.emulator = emulator;
  }

  synchronized Storage storage() {
    if (storage == null) {
      storage = connect();
    }
    return storage;
  }

  private Storage connect() {
    StorageOptions.Builder options =
        StorageOptions.http()
            .setTransportOptions(
                HttpTransportOptions.newBuilder()
                    .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                    .setReadTimeout(READ_TIMEOUT_MILLIS)
                    .build())
            .setRetrySettings(
                RetrySettings.newBuilder()
                    .setInitialRetryDelayDuration(Duration.ofMillis(500))
                    .setRetryDelayMultiplier(2)
                    .setMaxRetryDelayDuration(Duration.ofSeconds(8))
                    .setMaxAttempts(5)
                    .setTotalTimeoutDuration(Duration.ofMinutes(2))
                    .build())
            // A file is always written whole, so that writing it again does no harm.
            .setStorageRetryStrategy(StorageRetryStrategy.getUniformStorageRetryStrategy());
    emulator.ifPresent(
        address ->
            options
                .setHost(address.contains("://") ? address : "http://" + address)
                .setProjectId("emulator")
                .setCredentials(NoCredentials.getInstance()));
    return options.build().getService();
  }

  @Override
  public synchronized void close() throws IOException {
    if (storage == null) {
      return;
    }
    try {
      storage.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    } finally {
      storage = null;
    }
  }
}
