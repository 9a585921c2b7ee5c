package io.fashionmnist.training.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds and removes {@link Observation#FINALIZER}; others' finalizers are left as they are. */
final class Finalizers {
  private final KubernetesClient client;

  Finalizers(KubernetesClient client) {
    this.client = client;
  }

  /** What is done outside the cluster does not end with the resource by itself. */
  Observation heldBack(Observation observation) {
    return observation.heldBack() ? observation : observation.with(add(observation.job()));
  }

  /** Adds it; returns the resource as it is then. */
  private FashionTrainingJob add(FashionTrainingJob job) {
    List<String> all = new ArrayList<>(job.getMetadata().getFinalizers());
    all.add(Observation.FINALIZER);
    return write(job, all);
  }

  /** Removes it, if it is there. */
  void remove(FashionTrainingJob job) {
    List<String> all = new ArrayList<>(job.getMetadata().getFinalizers());
    if (all.remove(Observation.FINALIZER)) {
      write(job, all);
    }
  }

  private FashionTrainingJob write(FashionTrainingJob job, List<String> finalizers) {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("uid", job.getMetadata().getUid());
    metadata.put("resourceVersion", job.getMetadata().getResourceVersion());
    metadata.put("finalizers", finalizers);
    return client
        .resources(FashionTrainingJob.class)
        .inNamespace(job.getMetadata().getNamespace())
        .withName(job.getMetadata().getName())
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            Serialization.asJson(Map.of("metadata", metadata)));
  }
}
