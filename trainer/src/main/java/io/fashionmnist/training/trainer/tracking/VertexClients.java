package io.fashionmnist.training.trainer.tracking;

import com.google.api.gax.core.InstantiatingExecutorProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.ClientSettings;
import com.google.api.gax.rpc.StatusCode;
import com.google.api.gax.rpc.UnaryCallSettings;
import com.google.cloud.aiplatform.v1.MetadataServiceClient;
import com.google.cloud.aiplatform.v1.MetadataServiceSettings;
import com.google.cloud.aiplatform.v1.TensorboardServiceClient;
import com.google.cloud.aiplatform.v1.TensorboardServiceSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Google's clients of one region: with the application default credentials, or without any at an
 * emulator. A call and its repetitions take ten seconds at most; what is unavailable is asked
 * again, which does no harm, for all that is written here may be written twice.
 */
final class VertexClients implements AutoCloseable {
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final RetrySettings RETRIES =
      RetrySettings.newBuilder()
          .setInitialRetryDelayDuration(Duration.ofMillis(200))
          .setRetryDelayMultiplier(2)
          .setMaxRetryDelayDuration(Duration.ofSeconds(2))
          .setInitialRpcTimeoutDuration(CALL)
          .setMaxRpcTimeoutDuration(CALL)
          .setTotalTimeoutDuration(CALL)
          .build();

  private final MetadataServiceClient metadata;
  private final TensorboardServiceClient tensorboards;

  private VertexClients(MetadataServiceClient metadata, TensorboardServiceClient tensorboards) {
    this.metadata = metadata;
    this.tensorboards = tensorboards;
  }

  /**
   * Makes the clients; nothing is asked yet.
   *
   * @throws IOException where there are no credentials
   */
  static VertexClients of(TrackingTarget target) throws IOException {
    MetadataServiceSettings.Builder metadata = MetadataServiceSettings.newBuilder();
    reach(metadata, MetadataServiceSettings.defaultGrpcTransportProviderBuilder(), target);
    metadata.applyToAllUnaryMethods(VertexClients::bound);
    TensorboardServiceSettings.Builder tensorboards = TensorboardServiceSettings.newBuilder();
    reach(tensorboards, TensorboardServiceSettings.defaultGrpcTransportProviderBuilder(), target);
    tensorboards.applyToAllUnaryMethods(VertexClients::bound);
    return new VertexClients(
        MetadataServiceClient.create(metadata.build()),
        TensorboardServiceClient.create(tensorboards.build()));
  }

  /** Where Google answers for a region. */
  static String endpoint(TrackingTarget target) {
    return target.location() + "-aiplatform.googleapis.com";
  }

  MetadataServiceClient metadata() {
    return metadata;
  }

  TensorboardServiceClient tensorboards() {
    return tensorboards;
  }

  private static void reach(
      ClientSettings.Builder<?, ?> settings,
      InstantiatingGrpcChannelProvider.Builder transport,
      TrackingTarget target) {
    settings.setBackgroundExecutorProvider(
        InstantiatingExecutorProvider.newBuilder().setExecutorThreadCount(1).build());
    Optional<String> emulator = target.emulator();
    settings.setEndpoint(emulator.orElseGet(() -> endpoint(target) + ":443"));
    if (emulator.isPresent()) {
      settings.setCredentialsProvider(NoCredentialsProvider.create());
      transport.setChannelConfigurator(channel -> channel.usePlaintext());
    }
    settings.setTransportChannelProvider(transport.build());
  }

  private static Void bound(UnaryCallSettings.Builder<?, ?> call) {
    call.setRetryableCodes(Set.of(StatusCode.Code.UNAVAILABLE));
    call.setRetrySettings(RETRIES);
    return null;
  }

  @Override
  public void close() {
    metadata.close();
    tensorboards.close();
  }
}
