package io.fashionmnist.training.operator.apiserver;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/** What was told in Events, as the API server has it. */
final class RecordedEvents {
  private RecordedEvents() {}

  /** The reasons of a namespace's Events, one for each. */
  static List<String> reasons(KubernetesClient client, String namespace) {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .map(Event::getReason)
        .toList();
  }
}
