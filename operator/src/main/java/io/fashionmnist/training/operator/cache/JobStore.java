package io.fashionmnist.training.operator.cache;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobSpec;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import java.util.List;
import java.util.Map;

/**
 * The store of the resources. One that is over, and its model registered, has what its cleaning up
 * needs: of its spec the run policy, of its status where its attempts ran and what became of them.
 * Whoever writes its status reads it first.
 */
public final class JobStore extends TrimmedStore<FashionTrainingJob> {
  private static final FashionTrainingJobSpec DEFAULTS =
      new FashionTrainingJobSpec(null, null, null, null, null, null, null, null, null);

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
            job.getSpec().runPolicy(),
            DEFAULTS.training(),
            DEFAULTS.trainer(),
            null,
            null,
            null,
            DEFAULTS.fallback(),
            null,
            null));
    job.setStatus(trim(status));
    return job;
  }

  private static FashionTrainingJobStatus trim(FashionTrainingJobStatus status) {
    return new FashionTrainingJobStatus(
        status.observedGeneration(),
        status.phase(),
        status.backend(),
        null,
        null,
        status.completionTime(),
        List.of(),
        Map.of(),
        status.attempts().stream().map(JobStore::trim).toList(),
        status.attemptCount(),
        status.activeAttempt(),
        null,
        null,
        null,
        null,
        List.of(),
        null,
        null);
  }

  private static Attempt trim(Attempt attempt) {
    return new Attempt(
        attempt.number(),
        attempt.placement(),
        attempt.backend(),
        attempt.location(),
        attempt.externalName(),
        attempt.state(),
        null,
        null,
        List.of(),
        null,
        attempt.startTime(),
        attempt.retryTime(),
        attempt.endTime(),
        attempt.deletionTime());
  }
}
