package io.fashionmnist.training.kubectl.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.kubectl.failure.ClusterFailures;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Files of a {@code pvc://} folder. Only a pod can read a volume: one is made for it, and deleted.
 */
public final class VolumeFiles {
  private static final int PATIENCE_SECONDS = 90;

  private final Cluster cluster;

  public VolumeFiles(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * The texts of those files of an attempt's output that are there, by name.
   *
   * @param attempt one of the cluster, whose output is on a volume
   */
  public Map<String, String> read(Attempt attempt, List<String> files) {
    var jobs = cluster.client().batch().v1().jobs().inNamespace(cluster.namespace());
    Job job =
        Optional.ofNullable(
                cluster.ask(() -> jobs.withName(String.valueOf(attempt.externalName())).get()))
            .orElseThrow(
                () ->
                    Failure.unavailable(
                        "%s is on a volume, and the attempt's Job, whose image could read it, is"
                            + " gone: mount claim %s into a pod of your own and kubectl cp the files",
                        attempt.outputUri(), claim(attempt.outputUri())));
    Pod pod =
        cluster.ask(
            () ->
                cluster.client().resource(ReaderPod.of(job, attempt.outputUri(), files)).create());
    try {
      return texts(ended(pod), files);
    } finally {
      cluster.client().resource(pod).withGracePeriod(0).delete();
    }
  }

  private Pod ended(Pod pod) {
    try {
      return cluster
          .client()
          .resource(pod)
          .waitUntilCondition(
              each ->
                  each != null
                      && List.of("Succeeded", "Failed").contains(each.getStatus().getPhase()),
              PATIENCE_SECONDS,
              TimeUnit.SECONDS);
    } catch (KubernetesClientTimeoutException e) {
      throw Failure.unavailable(
          "pod %s, which is to read the volume, has not ended within %d seconds; kubectl -n %s get"
              + " events says why",
          pod.getMetadata().getName(), PATIENCE_SECONDS, pod.getMetadata().getNamespace());
    } catch (KubernetesClientException e) {
      throw ClusterFailures.of(e, cluster.server());
    }
  }

  private Map<String, String> texts(Pod pod, List<String> files) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String file : files) {
      String container = ReaderPod.container(file);
      if (printed(pod, container)) {
        texts.put(
            file,
            cluster.ask(
                () -> cluster.client().pods().resource(pod).inContainer(container).getLog()));
      }
    }
    return texts;
  }

  private static boolean printed(Pod pod, String container) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> status.getName().equals(container))
        .map(ContainerStatus::getState)
        .anyMatch(
            state ->
                state.getTerminated() != null
                    && Integer.valueOf(0).equals(state.getTerminated().getExitCode()));
  }

  private static String claim(String uri) {
    return uri.replaceFirst("^pvc://", "").split("/", 2)[0];
  }
}
