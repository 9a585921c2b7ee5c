package io.fashionmnist.training.operator.status;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import java.util.Map;

/**
 * Writes a status by server-side apply. Each of its two owners sends its own fields alone, and the
 * version that it saw: a write on a stale view is refused with 409.
 */
public final class StatusWriter {
  private static final String RECONCILER = "fashion-training-operator";
  private static final String PROGRESS = "fashion-training-progress";

  private final KubernetesClient client;

  public StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /** Writes everything but {@code training}; returns the resource as it is then. */
  public FashionTrainingJob write(FashionTrainingJob seen, FashionTrainingJobStatus status) {
    return apply(seen, status.withTraining(null), RECONCILER);
  }

  /** Writes {@code training} alone. */
  public void writeTraining(FashionTrainingJob seen, TrainingReport report) {
    // A status of ours would carry its counters too, and with them their ownership.
    GenericKubernetesResource body = new GenericKubernetesResource();
    body.setApiVersion(seen.getApiVersion());
    body.setKind(seen.getKind());
    body.setMetadata(metadata(seen));
    body.setAdditionalProperty("status", Map.of("training", report));
    client.resource(body).subresource("status").patch(context(PROGRESS));
  }

  private FashionTrainingJob apply(
      FashionTrainingJob seen, FashionTrainingJobStatus status, String manager) {
    FashionTrainingJob body = new FashionTrainingJob();
    body.setMetadata(metadata(seen));
    body.setStatus(status);
    return client.resource(body).subresource("status").patch(context(manager));
  }

  private static ObjectMeta metadata(FashionTrainingJob seen) {
    return new ObjectMetaBuilder()
        .withName(seen.getMetadata().getName())
        .withNamespace(seen.getMetadata().getNamespace())
        .withUid(seen.getMetadata().getUid())
        .withResourceVersion(seen.getMetadata().getResourceVersion())
        .build();
  }

  private static PatchContext context(String manager) {
    return new PatchContext.Builder()
        .withPatchType(PatchType.SERVER_SIDE_APPLY)
        .withFieldManager(manager)
        .withForce(true)
        .build();
  }
}
