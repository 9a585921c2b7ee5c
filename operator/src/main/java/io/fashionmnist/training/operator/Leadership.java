package io.fashionmnist.training.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.metric.GaugeSource;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Gives the lead back at the end, so that another replica need not wait until the Lease runs out.
 */
@Singleton
final class Leadership implements GaugeSource {
  private static final Logger LOG = Logger.getLogger(Leadership.class);

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private final Optional<String> namespace;
  private final Optional<String> pod;
  private volatile boolean leads;

  Leadership(
      KubernetesClient client,
      OperatorSettings settings,
      @ConfigProperty(name = "pod.namespace") Optional<String> namespace,
      @ConfigProperty(name = "pod.name") Optional<String> pod) {
    this.client = client;
    this.settings = settings;
    this.namespace = namespace;
    this.pod = pod;
  }

  /** Whether this replica does the work. */
  void leads(boolean now) {
    leads = now;
  }

  @Override
  public List<Gauge> gauges() {
    return List.of(
        new Gauge(
            "fashion_training_leader",
            "1 for the replica that does the work.",
            List.of(),
            List.of(new Sample(List.of(), leads ? 1 : 0))));
  }

  /** Last of all: the SDK, which stops at the default priority, has no pass under way any more. */
  void giveBack(@Observes @Priority(9_000) ShutdownEvent event) {
    try {
      namespace
          .map(where -> client.leases().inNamespace(where).withName(settings.lease()).get())
          .filter(lease -> pod.equals(Optional.ofNullable(lease.getSpec().getHolderIdentity())))
          .ifPresent(
              lease ->
                  client
                      .resource(
                          new LeaseBuilder(lease)
                              .editSpec()
                              .withHolderIdentity("")
                              .withLeaseDurationSeconds(1)
                              .endSpec()
                              .build())
                      .update());
    } catch (KubernetesClientException e) {
      LOG.infof("The lead could not be given back; the Lease runs out: %s", e.getMessage());
    }
  }
}
