package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.aiplatform.v1.JobState;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Cancels what should not run: the younger of two jobs of one attempt, and jobs of this
 * installation in this cluster whose resource is gone.
 */
final class Sweep {
  private static final Logger LOG = Logger.getLogger(Sweep.class);

  private final KubernetesClient client;
  private final VertexApi api;
  private final Predicate<JobOwner> known;

  /**
   * @param known whether a cache has the resource; if not, the API server is asked
   */
  Sweep(KubernetesClient client, VertexApi api, Predicate<JobOwner> known) {
    this.known = known;
    this.client = client;
    this.api = api;
  }

  /** Looks over one region's list. */
  void over(VertexRegion region, PolledJobs list) {
    list.duplicates().forEach(job -> cancel(region, job, "another job of its attempt is older"));
    list.orphans(known).stream()
        .filter(job -> orphan(job.owner()))
        .forEach(job -> cancel(region, job, "its resource is gone"));
  }

  private boolean orphan(JobOwner owner) {
    try {
      FashionTrainingJob job =
          client
              .resources(FashionTrainingJob.class)
              .inNamespace(owner.namespace())
              .withName(owner.name())
              .get();
      return job == null || !job.getMetadata().getUid().equals(owner.uid());
    } catch (KubernetesClientException e) {
      LOG.debugf("Whether %s is there can't be told: %s", owner, e.getMessage());
      return false;
    }
  }

  private void cancel(VertexRegion region, PolledJob job, String why) {
    if (job.state() == JobState.JOB_STATE_CANCELLING) {
      return;
    }
    try {
      LOG.warnf("Cancelling %s: %s", job.name(), why);
      api.cancel(region, job.name());
    } catch (VertexCallException e) {
      LOG.warnf("%s can't be cancelled now: %s", job.name(), e.getMessage());
    }
  }
}
