package io.fashionmnist.training.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;

/** The emulators that stand for Google Cloud in the cluster, by Vertex AI's administration. */
final class GoogleCloud {
  private static final String VERTEX =
      "/api/v1/namespaces/fashion-training/services/fashion-training-operator-vertex:8085/proxy/";
  private static final String ADMIN = VERTEX + "admin/";

  private final KubernetesClient client;

  GoogleCloud(KubernetesClient client) {
    this.client = client;
  }

  /** Sets the limit of CPUs in a region. */
  void cpus(String region, int limit) {
    client.raw(
        ADMIN + "quotas",
        "PUT",
        "{\"%s\": {\"custom_model_training_cpus\": %d}}".formatted(region, limit));
  }

  /** Adds a fault, as YAML. */
  void fault(String rule) {
    client.raw(ADMIN + "faults", "POST", rule);
  }

  /** Takes Vertex AI off the network: nobody new gets there. What it knows, it keeps. */
  void leave() {
    select("nothing");
  }

  /** Vertex AI is there again. */
  void comeBack() {
    select("vertex-emulator");
  }

  private void select(String name) {
    client
        .services()
        .inNamespace("fashion-training")
        .withName("fashion-training-operator-vertex")
        .edit(
            service -> {
              service.getSpec().getSelector().put("app.kubernetes.io/name", name);
              return service;
            });
  }

  /** What Vertex AI answers to a GET, such as {@code projects/P/locations/R/models}. */
  JsonNode get(String path) {
    try {
      return new ObjectMapper().readTree(client.raw(VERTEX + "v1/" + path));
    } catch (JsonProcessingException e) {
      throw new AssertionError(path, e);
    }
  }

  /** Ends all faults. */
  void heal() {
    client.raw(ADMIN + "faults", "DELETE", "");
  }
}
