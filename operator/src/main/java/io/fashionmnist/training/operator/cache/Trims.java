package io.fashionmnist.training.operator.cache;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;

/** What is left out of Jobs and pods. */
public final class Trims {
  private Trims() {}

  /** A Job without its template: a Job is made once and never compared. */
  public static Job job(Job job) {
    job.getSpec().setTemplate(null);
    return job;
  }

  /** A pod without all of its spec but its containers' names and resources. */
  public static Pod pod(Pod pod) {
    pod.getMetadata().setAnnotations(null);
    pod.setSpec(
        new PodSpecBuilder()
            .withContainers(pod.getSpec().getContainers().stream().map(Trims::container).toList())
            .build());
    return pod;
  }

  private static Container container(Container container) {
    return new ContainerBuilder()
        .withName(container.getName())
        .withResources(container.getResources())
        .build();
  }
}
