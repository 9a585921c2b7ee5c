package io.fashionmnist.training.operator.registry;

import com.google.api.gax.core.InstantiatingExecutorProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.cloud.aiplatform.v1.ModelServiceClient;
import com.google.cloud.aiplatform.v1.ModelServiceSettings;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.fashionmnist.training.operator.outbound.MeteredChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clients of ModelService, one for each region's endpoint, made when first needed; or one of a
 * local server without credentials. They try nothing again: who asks does.
 */
final class ModelServices implements AutoCloseable {
  private final Optional<String> local;
  private final RegistryIdentity identity;
  private final MeteredChannel metered;
  private final ConcurrentHashMap<String, ModelServiceClient> clients = new ConcurrentHashMap<>();

  /**
   * @param local host:port of a server in plain text, instead of Google's
   * @param calls is told of each call
   */
  ModelServices(Optional<String> local, RegistryIdentity identity, OutboundCalls calls) {
    metered = new MeteredChannel(calls);
    this.local = local;
    this.identity = identity;
  }

  /**
   * Sees to it that calls will have credentials.
   *
   * @throws IOException if they won't
   */
  void signIn() throws IOException {
    if (local.isEmpty()) {
      identity.signIn();
    }
  }

  ModelServiceClient in(String region) {
    return clients.computeIfAbsent(
        local.orElse(region + "-aiplatform.googleapis.com:443"), this::connect);
  }

  private ModelServiceClient connect(String endpoint) {
    try {
      var settings = ModelServiceSettings.newBuilder().setEndpoint(endpoint);
      settings.setBackgroundExecutorProvider(
          InstantiatingExecutorProvider.newBuilder().setExecutorThreadCount(1).build());
      var transport =
          ModelServiceSettings.defaultGrpcTransportProviderBuilder()
              .setInterceptorProvider(() -> List.of(metered));
      if (local.isPresent()) {
        settings.setCredentialsProvider(NoCredentialsProvider.create());
        transport.setChannelConfigurator(channel -> channel.usePlaintext());
      } else {
        settings.setCredentialsProvider(identity.provider());
      }
      settings.setTransportChannelProvider(transport.build());
      return ModelServiceClient.create(settings.build());
    } catch (IOException e) {
      throw new UncheckedIOException("no client for " + endpoint, e);
    }
  }

  @Override
  public void close() {
    clients.values().forEach(ModelServiceClient::close);
    clients.clear();
  }
}
