package io.fashionmnist.training.operator.backend.vertex;

import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.StatusCode;
import com.google.api.gax.rpc.UnaryCallSettings;
import com.google.cloud.aiplatform.v1.JobServiceClient;
import com.google.cloud.aiplatform.v1.JobServiceSettings;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The clients of JobService. What only reads tries again by itself. */
final class JobServices implements AutoCloseable {
  /** Of get and list together with their retries. */
  static final Duration READ_TIME = Duration.ofSeconds(15);

  private final RegionClients<JobServiceClient> clients;

  /**
   * @param local host:port of a server in plain text, instead of Google's
   * @param calls is told of each call
   */
  JobServices(Optional<String> local, OutboundCalls calls) {
    clients = new RegionClients<>(local, calls, JobServices::create, JobServiceClient::close);
  }

  JobServiceClient in(String region) {
    return clients.in(region);
  }

  private static JobServiceClient create(RegionClients.Connector connector) throws IOException {
    var settings = JobServiceSettings.newBuilder();
    connector.set(settings, JobServiceSettings.defaultGrpcTransportProviderBuilder());
    // A create is never repeated here: the first may have been carried out.
    retry(settings.getCustomJobSettings());
    retry(settings.listCustomJobsSettings());
    return JobServiceClient.create(settings.build());
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
    clients.close();
  }
}
