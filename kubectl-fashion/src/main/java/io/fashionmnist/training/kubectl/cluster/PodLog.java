package io.fashionmnist.training.kubectl.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fashionmnist.training.kubectl.failure.ClusterFailures;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What a pod's trainer writes. */
public final class PodLog {
  private static final String CONTAINER = "trainer";
  private static final int NOT_STARTED = 400;

  private final Cluster cluster;
  private final Pod pod;

  PodLog(Cluster cluster, Pod pod) {
    this.cluster = cluster;
    this.pod = pod;
  }

  /**
   * Copies it.
   *
   * @param follow until the container ends
   */
  public void copy(OutputStream out, boolean follow) {
    var container =
        cluster
            .client()
            .pods()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName())
            .inContainer(CONTAINER);
    try {
      if (follow) {
        try (LogWatch watch = container.watchLog();
            InputStream lines = watch.getOutput()) {
          lines.transferTo(out);
        }
      } else {
        try (InputStream lines = container.getLogInputStream()) {
          lines.transferTo(out);
        }
      }
      out.flush();
    } catch (KubernetesClientException e) {
      if (e.getCode() == NOT_STARTED) {
        throw notStarted();
      }
      throw ClusterFailures.of(e, cluster.server());
    } catch (IOException e) {
      throw e.getCause() instanceof KubernetesClientException cause
              && cause.getCode() == NOT_STARTED
          ? notStarted()
          : Failure.unavailable(
              "the log of pod %s breaks off: %s", pod.getMetadata().getName(), e.getMessage());
    }
  }

  private Failure notStarted() {
    return Failure.unavailable(
        "pod %s has not started yet: kubectl -n %s describe pod %s says why",
        pod.getMetadata().getName(), pod.getMetadata().getNamespace(), pod.getMetadata().getName());
  }
}
