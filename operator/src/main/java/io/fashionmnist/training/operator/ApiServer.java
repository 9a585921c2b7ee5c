package io.fashionmnist.training.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClientOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;

/**
 * The connection to the API server. Long lists come compressed: the quick compiler does not know
 * the processor's instructions for TLS, and was busy with it for half of a start beside many jobs.
 */
@ApplicationScoped
class ApiServer {
  @Produces
  @ApplicationScoped
  KubernetesClient client(Config config, KubernetesSerialization serialization, Vertx vertx) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withKubernetesSerialization(serialization)
        .withHttpClientFactory(new Compressed(vertx))
        .build();
  }

  void close(@Disposes KubernetesClient client) {
    client.close();
  }

  private static final class Compressed extends VertxHttpClientFactory {
    Compressed(Vertx vertx) {
      super(vertx);
    }

    @Override
    protected void additionalConfig(WebClientOptions options) {
      options.setDecompressionSupported(true);
    }
  }
}
