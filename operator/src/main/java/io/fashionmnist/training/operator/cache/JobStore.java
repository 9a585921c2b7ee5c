package io.fashionmnist.training.operator.cache;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobSpec;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;

/**
 * The store of the resources. One that is over, and its model registered, has what its cleaning up
 * needs: of its spec the run policy, of its status no metrics. Its status is never written again.
 */
public final class JobStore extends TrimmedStore<FashionTrainingJob> {
  public JobStore() {
    super(JobStore::trim);
  }

  static FashionTrainingJob trim(FashionTrainingJob job) {
    job.getMetadata().setAnnotations(null);
    FashionTrainingJobStatus status = job.currentStatus();
    // Refused before its first attempt, it may still be edited and begin.
    boolean over = status.phase() != null && status.phase().finished() && status.attemptCount() > 0;
    if (!over || job.awaitsRegistration()) {
      return job;
    }
    job.setSpec(
        new FashionTrainingJobSpec(
            job.getSpec().runPolicy(), null, null, null, null, null, null, null, null));
    job.setStatus(status.withTraining(null));
    return job;
  }
}
