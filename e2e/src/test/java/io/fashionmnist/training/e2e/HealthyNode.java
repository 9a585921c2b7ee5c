package io.fashionmnist.training.e2e;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A node that is well, and takes no pods: beside it, one that is lost is evicted from. It renews
 * its Lease as a kubelet does.
 */
final class HealthyNode implements AutoCloseable {
  private static final String NAME = "healthy";
  private static final String LEASES = "kube-node-lease";

  private final KubernetesClient client;
  private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();

  private HealthyNode(KubernetesClient client) {
    this.client = client;
  }

  static HealthyNode join(KubernetesClient client) {
    HealthyNode node = new HealthyNode(client);
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(NAME)
                .endMetadata()
                .withNewSpec()
                .addNewTaint()
                .withKey("nothing-runs-here")
                .withEffect("NoSchedule")
                .endTaint()
                .endSpec()
                .build())
        .create();
    node.beat();
    String now = ZonedDateTime.now(ZoneOffset.UTC).withNano(0).toInstant().toString();
    // Whatever a controller has written since.
    client
        .nodes()
        .withName(NAME)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            """
            {"status": {"conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
              "message": "stands in for one", "lastHeartbeatTime": "%s", "lastTransitionTime": "%s"}]}}
            """
                .formatted(now, now));
    node.heart.scheduleWithFixedDelay(node::beat, 10, 10, TimeUnit.SECONDS);
    return node;
  }

  private void beat() {
    client
        .resource(
            new LeaseBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(LEASES)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(NAME)
                .withLeaseDurationSeconds(40)
                .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                .endSpec()
                .build())
        .createOr(lease -> lease.update());
  }

  @Override
  public void close() {
    heart.shutdownNow();
    client.leases().inNamespace(LEASES).withName(NAME).delete();
    client.nodes().withName(NAME).delete();
  }
}
