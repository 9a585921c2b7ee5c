package io.fashionmnist.training.operator.backend.cluster;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The calls to the API server that make, look at and end attempts in the cluster. */
public final class ClusterBackend {
  private static final int CONFLICT = 409;

  /** The Job controller's, and the kubelet's where the pod's own status is silent. */
  private static final Set<String> REFUSALS =
      Set.of("FailedCreate", "FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox");

  private final KubernetesClient client;

  public ClusterBackend(KubernetesClient client) {
    this.client = client;
  }

  /** Creates an attempt's Job; one of that name that is already there is the attempt's own. */
  public void submit(Job desired) {
    try {
      client.resource(desired).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
    }
  }

  /** Whether anything of an attempt is there, asked of the API server itself. */
  public boolean exists(String namespace, String jobName, String uid, int attempt) {
    return client.batch().v1().jobs().inNamespace(namespace).withName(jobName).get() != null
        || pods(namespace, uid, attempt).stream()
            .anyMatch(
                pod ->
                    pod.getStatus() == null
                        || !List.of("Succeeded", "Failed").contains(pod.getStatus().getPhase()));
  }

  private List<Pod> pods(String namespace, String uid, int attempt) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel(Labels.JOB_UID, uid)
        .withLabel(Labels.ATTEMPT, Integer.toString(attempt))
        .list()
        .getItems();
  }

  /** Deletes an attempt's Job; its pods get SIGTERM and go with it. */
  public void stop(String namespace, String jobName) {
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .withName(jobName)
        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
        .delete();
  }

  /** Deletes an attempt's pods, leaving its Job. */
  public void deletePods(String namespace, String uid, int attempt) {
    // One by one: a selector would ask for the right to delete collections.
    pods(namespace, uid, attempt).forEach(pod -> client.resource(pod).delete());
  }

  /** Why a Job has no pod, or why a pod does not start, as it was told last. */
  public Optional<String> refusal(HasMetadata involved) {
    return client
        .v1()
        .events()
        .inNamespace(involved.getMetadata().getNamespace())
        .withField("involvedObject.uid", involved.getMetadata().getUid())
        .list()
        .getItems()
        .stream()
        .filter(event -> REFUSALS.contains(event.getReason()))
        .max(Comparator.comparing(event -> String.valueOf(event.getLastTimestamp())))
        .map(Event::getMessage);
  }
}
