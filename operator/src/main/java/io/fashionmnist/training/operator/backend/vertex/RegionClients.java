package io.fashionmnist.training.operator.backend.vertex;

import com.google.api.gax.core.InstantiatingExecutorProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.rpc.ClientSettings;
import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.fashionmnist.training.operator.outbound.MeteredChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The clients of one of Vertex AI's services, one for each endpoint, made when first needed: each
 * region has its own, {@code {region}-aiplatform.googleapis.com}, or all share a local one without
 * credentials.
 *
 * @param <C> the client
 */
public final class RegionClients<C> implements AutoCloseable {
  /** Makes a client. */
  public interface Factory<C> {
    C create(Connector connector) throws IOException;
  }

  /** Points a client's settings at its endpoint. */
  public interface Connector {
    void set(
        ClientSettings.Builder<?, ?> settings, InstantiatingGrpcChannelProvider.Builder transport);
  }

  private final Optional<String> local;
  private final MeteredChannel metered;
  private final Factory<C> factory;
  private final Consumer<C> end;
  private final ConcurrentHashMap<String, C> clients = new ConcurrentHashMap<>();

  /**
   * @param local host:port of a server in plain text, instead of Google's
   * @param calls is told of each call
   * @param end closes a client
   */
  public RegionClients(
      Optional<String> local, OutboundCalls calls, Factory<C> factory, Consumer<C> end) {
    this.local = local;
    this.factory = factory;
    this.end = end;
    metered = new MeteredChannel(calls);
  }

  /** The client of a region. */
  public C in(String region) {
    return clients.computeIfAbsent(
        local.orElse(region + "-aiplatform.googleapis.com:443"), this::connect);
  }

  private C connect(String endpoint) {
    try {
      return factory.create((settings, transport) -> set(endpoint, settings, transport));
    } catch (IOException e) {
      throw new UncheckedIOException("no client for " + endpoint, e);
    }
  }

  private void set(
      String endpoint,
      ClientSettings.Builder<?, ?> settings,
      InstantiatingGrpcChannelProvider.Builder transport) {
    settings.setEndpoint(endpoint);
    settings.setBackgroundExecutorProvider(
        InstantiatingExecutorProvider.newBuilder().setExecutorThreadCount(1).build());
    transport.setInterceptorProvider(() -> List.of(metered));
    if (local.isPresent()) {
      settings.setCredentialsProvider(NoCredentialsProvider.create());
      transport.setChannelConfigurator(channel -> channel.usePlaintext());
    }
    settings.setTransportChannelProvider(transport.build());
  }

  @Override
  public void close() {
    clients.values().forEach(end);
    clients.clear();
  }
}
