package io.fashionmnist.training.operator.definition;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;

/**
 * Who makes what outlives a cluster: an installation in this cluster and no other, though another
 * may have the same name. Clusters are told apart by the uid of their resource definition: whoever
 * deletes that has deleted all jobs.
 */
public final class Origin {
  private static final int UID_CHARACTERS = 8;

  private Origin() {}

  /** The installation's name and the start of the definition's uid; the name alone without one. */
  public static String of(String installation, KubernetesClient client) {
    var definition =
        client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName(HasMetadata.getFullResourceName(FashionTrainingJob.class))
            .get();
    // Without a definition the operator ends at once, and says so.
    return definition == null
        ? installation
        : installation + "-" + definition.getMetadata().getUid().substring(0, UID_CHARACTERS);
  }
}
