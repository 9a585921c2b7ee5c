package io.fashionmnist.training.operator.backend.vertex;

import com.google.api.gax.core.InstantiatingExecutorProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.StatusCode;
import com.google.api.gax.rpc.UnaryCallSettings;
import com.google.cloud.aiplatform.v1.JobServiceClient;
import com.google.cloud.aiplatform.v1.JobServiceSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clients of JobService, one for each endpoint, made when first needed: each region has its
 * own, {@code {region}-aiplatform.googleapis.com}, or all share a local one without credentials.
 */
final class JobServices implements AutoCloseable {
  /** Of get and list together with their retries. */
  static final Duration READ_TIME = Duration.ofSeconds(15);

  private final Optional<String> local;
  private final ConcurrentHashMap<String, JobServiceClient> clients = new ConcurrentHashMap<>();

  /**
   * @param local host:port of a server in plain text, instead of Google's
   */
  JobServices(Optional<String> local) {
    this.local = local;
  }

  JobServiceClient in(String region) {
    String endpoint = local.orElse(region + "-aiplatform.googleapis.com:443");
    return clients.computeIfAbsent(endpoint, this::connect);
  }

  private JobServiceClient connect(String endpoint) {
    try {
      var settings = JobServiceSettings.newBuilder().setEndpoint(endpoint);
      settings.setBackgroundExecutorProvider(
          InstantiatingExecutorProvider.newBuilder().setExecutorThreadCount(1).build());
      if (local.isPresent()) {
        settings.setCredentialsProvider(NoCredentialsProvider.create());
        settings.setTransportChannelProvider(
            JobServiceSettings.defaultGrpcTransportProviderBuilder()
                .setChannelConfigurator(channel -> channel.usePlaintext())
                .build());
      }
      // A create is never repeated here: the first may have been carried out.
      retry(settings.getCustomJobSettings());
      retry(settings.listCustomJobsSettings());
      return JobServiceClient.create(settings.build());
    } catch (IOException e) {
      throw new UncheckedIOException("no client for " + endpoint, e);
    }
  }

  private static void retry(UnaryCallSettings.Builder<?, ?> call) {
    call.setRetryableCodes(Set.of(StatusCode.Code.UNAVAILABLE));
    call.setRetrySettings(
        RetrySettings.newBuilder()
            .setInitialRetryDelayDuration(Duration.ofMillis(500))
            .setRetryDelayMultiplier(2)
            .setMaxRetryDelayDuration(Duration.ofSeconds(4))
            .setInitialRpcTimeoutDuration(READ_TIME)
            .setMaxRpcTimeoutDuration(READ_TIME)
            .setTotalTimeoutDuration(READ_TIME)
            .build());
  }

  @Override
  public void close() {
    clients.values().forEach(JobServiceClient::close);
    clients.clear();
  }
}
