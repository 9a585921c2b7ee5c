package io.fashionmnist.training.operator.registry;

import com.google.cloud.aiplatform.v1.ModelServiceClient;
import com.google.cloud.aiplatform.v1.ModelServiceSettings;
import io.fashionmnist.training.operator.backend.vertex.RegionClients;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import java.io.IOException;
import java.util.Optional;

/** The clients of ModelService. They try nothing again: who asks does. */
final class ModelServices implements AutoCloseable {
  private final Optional<String> local;
  private final RegistryIdentity identity;
  private final RegionClients<ModelServiceClient> clients;

  /**
   * @param local host:port of a server in plain text, instead of Google's
   * @param calls is told of each call
   */
  ModelServices(Optional<String> local, RegistryIdentity identity, OutboundCalls calls) {
    this.local = local;
    this.identity = identity;
    clients = new RegionClients<>(local, calls, this::create, ModelServiceClient::close);
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
    return clients.in(region);
  }

  private ModelServiceClient create(RegionClients.Connector connector) throws IOException {
    var settings = ModelServiceSettings.newBuilder();
    connector.set(settings, ModelServiceSettings.defaultGrpcTransportProviderBuilder());
    if (local.isEmpty()) {
      settings.setCredentialsProvider(identity.provider());
    }
    return ModelServiceClient.create(settings.build());
  }

  @Override
  public void close() {
    clients.close();
  }
}
