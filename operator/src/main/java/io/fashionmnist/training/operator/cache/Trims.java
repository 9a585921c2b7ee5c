package io.fashionmnist.training.operator.cache;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is left of Jobs and pods: a thousand that have ended stay as long as their resources, and
 * most of an object's memory is in the many small objects that it is made of.
 */
public final class Trims {
  private static final String OURS = FashionTrainingJob.GROUP + "/";
  private static final Set<String> ENDS = Set.of("Complete", "Failed");

  private Trims() {}

  /** A Job without its template, which is made once and never compared; of its status its end. */
  public static Job job(Job job) {
    job.setMetadata(metadata(job.getMetadata(), job.getMetadata().getOwnerReferences()));
    JobSpec spec = new JobSpec();
    spec.setSuspend(job.getSpec().getSuspend());
    job.setSpec(spec);
    if (job.getStatus() != null) {
      JobStatus status = new JobStatus();
      status.setConditions(
          job.getStatus().getConditions().stream()
              .filter(condition -> ENDS.contains(condition.getType()))
              .toList());
      job.setStatus(status);
    }
    return job;
  }

  /**
   * A pod without all of its spec but its containers' names and resources, which tell why it was
   * killed; of its status why it does not start, what its containers do and why it was lost.
   */
  public static Pod pod(Pod pod) {
    pod.setMetadata(metadata(pod.getMetadata(), List.of()));
    PodStatus status = pod.getStatus();
    boolean succeeded = status != null && "Succeeded".equals(status.getPhase());
    pod.setSpec(
        succeeded || pod.getSpec() == null
            ? null
            : new PodSpecBuilder()
                .withContainers(
                    pod.getSpec().getContainers().stream().map(Trims::container).toList())
                .build());
    if (status != null) {
      PodStatus kept = new PodStatus();
      kept.setPhase(status.getPhase());
      kept.setReason(status.getReason());
      kept.setMessage(status.getMessage());
      kept.setConditions(status.getConditions().stream().filter(Trims::telling).toList());
      kept.setContainerStatuses(
          status.getContainerStatuses().stream().map(Trims::container).toList());
      pod.setStatus(kept);
    }
    return pod;
  }

  private static ObjectMeta metadata(ObjectMeta whole, List<OwnerReference> owners) {
    ObjectMeta kept = new ObjectMeta();
    kept.setName(whole.getName());
    kept.setNamespace(whole.getNamespace());
    kept.setUid(whole.getUid());
    kept.setResourceVersion(whole.getResourceVersion());
    kept.setGeneration(whole.getGeneration());
    kept.setCreationTimestamp(whole.getCreationTimestamp());
    kept.setDeletionTimestamp(whole.getDeletionTimestamp());
    kept.setOwnerReferences(owners);
    if (whole.getLabels() != null) {
      kept.setLabels(
          whole.getLabels().entrySet().stream()
              .filter(label -> label.getKey().startsWith(OURS))
              .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
    return kept;
  }

  /** Whether a condition tells that no node was found, or that the pod has to go. */
  private static boolean telling(PodCondition condition) {
    return switch (condition.getType()) {
      case "PodScheduled" -> "False".equals(condition.getStatus());
      case "DisruptionTarget" -> "True".equals(condition.getStatus());
      default -> false;
    };
  }

  private static Container container(Container container) {
    return new ContainerBuilder()
        .withName(container.getName())
        .withResources(container.getResources())
        .build();
  }

  private static ContainerStatus container(ContainerStatus status) {
    return new ContainerStatusBuilder()
        .withName(status.getName())
        .withImage(status.getImage())
        .withState(status.getState())
        .build();
  }
}
