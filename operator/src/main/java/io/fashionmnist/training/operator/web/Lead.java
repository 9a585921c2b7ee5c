package io.fashionmnist.training.operator.web;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/**
 * Which replica works: it alone knows what was learned of quotas.
 *
 * @param lease the Lease's name
 * @param namespace the operator's; empty outside a cluster, where there is one alone
 * @param pod this replica's
 */
public record Lead(
    KubernetesClient client, String lease, Optional<String> namespace, Optional<String> pod) {

  /** Who leads. */
  sealed interface Holder {
    /** This replica. */
    record Mine() implements Holder {}

    /** Another one. */
    record Other(String pod) implements Holder {}

    /** Nobody for the moment. */
    record Nobody() implements Holder {}
  }

  /** Asks the API server. */
  Holder holder() {
    if (namespace.isEmpty() || pod.isEmpty()) {
      return new Holder.Mine();
    }
    return Optional.ofNullable(client.leases().inNamespace(namespace.get()).withName(lease).get())
        .map(found -> found.getSpec().getHolderIdentity())
        .filter(name -> !name.isEmpty())
        .<Holder>map(name -> name.equals(pod.get()) ? new Holder.Mine() : new Holder.Other(name))
        .orElseGet(Holder.Nobody::new);
  }
}
