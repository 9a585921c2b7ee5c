package io.fashionmnist.training.operator.backend.vertex;

import com.google.api.gax.core.InstantiatingExecutorProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.StatusCode;
import com.google.api.gax.rpc.UnaryCallSettings;
import com.google.cloud.aiplatform.v1.JobServiceClient;
import com.google.cloud.aiplatform.v1.JobServiceSettings;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.fashionmnist.training.operator.outbound.MeteredChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
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
  private final MeteredChannel metered;
  private final ConcurrentHashMap<String, JobServiceClient> clients = new ConcurrentHashMap<>();

  /**
   * @param local host:port of a server in plain text, instead of Google's
   * @param calls is told of each call
   */
  JobServices(Optional<String> local, OutboundCalls calls) {
    this.local = local;
    metered = new MeteredChannel(calls);
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
      var transport =
          JobServiceSettings.defaultGrpcTransportProviderBuilder()
              .setInterceptorProvider(() -> List.of(metered));
      if (local.isPresent()) {
        settings.setCredentialsProvider(NoCredentialsProvider.create());
        transport.setChannelConfigurator(channel -> channel.usePlaintext());
      }
      settings.setTransportChannelProvider(transport.build());
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
