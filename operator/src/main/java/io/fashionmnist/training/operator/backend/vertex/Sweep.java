package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.aiplatform.v1.JobState;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Cancels what should not run: the younger of two jobs of one attempt, and jobs of this
 * installation in this cluster whose attempt is over or whose resource is gone.
 */
final class Sweep {
  private static final Logger LOG = Logger.getLogger(Sweep.class);

  private final Function<JobOwner, Optional<FashionTrainingJob>> resources;
  private final JobCalls api;
  private final Predicate<JobOwner> wanted;

  /**
   * @param resources the resource of a name, asked of the API server
   * @param wanted whether, by a cache, an attempt is live; if not, the API server is asked
   */
  Sweep(
      Function<JobOwner, Optional<FashionTrainingJob>> resources,
      JobCalls api,
      Predicate<JobOwner> wanted) {
    this.wanted = wanted;
    this.resources = resources;
    this.api = api;
  }

  /** Looks over one region's list. */
  void over(VertexRegion region, PolledJobs list) {
    list.duplicates()
        .forEach(
            job ->
                job.owner()
                    .logged(() -> cancel(region, job, "another job of its attempt is older")));
    list.orphans(wanted)
        .forEach(
            job ->
                job.owner()
                    .logged(
                        () -> complaint(job.owner()).ifPresent(why -> cancel(region, job, why))));
  }

  /** Why nobody wants an attempt's job; the list is older than the answer. */
  private Optional<String> complaint(JobOwner owner) {
    try {
      Optional<FashionTrainingJob> job =
          resources.apply(owner).filter(each -> each.getMetadata().getUid().equals(owner.uid()));
      if (job.isEmpty()) {
        return Optional.of("its resource is gone");
      }
      return Objects.equals(owner.attempt(), job.get().currentStatus().activeAttempt())
          ? Optional.empty()
          : Optional.of("its attempt is over");
    } catch (KubernetesClientException e) {
      LOG.debugf("Whether %s is wanted can't be told: %s", owner, e.getMessage());
      return Optional.empty();
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
