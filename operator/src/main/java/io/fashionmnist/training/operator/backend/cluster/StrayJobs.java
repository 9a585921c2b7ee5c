package io.fashionmnist.training.operator.backend.cluster;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.operator.backend.Stray;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Jobs that run although their attempt is not the live one, or that nobody asks for. Pure. */
final class StrayJobs {
  private StrayJobs() {}

  static List<Stray> of(FashionTrainingJobStatus status, Collection<Job> owned) {
    return owned.stream()
        .filter(job -> job.getMetadata().getDeletionTimestamp() == null)
        .flatMap(job -> stray(job, status).stream())
        .sorted(Comparator.comparing(Stray::attempt))
        .toList();
  }

  /** Whether a Job has ended by itself. */
  static boolean ended(Job job) {
    return JobObserver.condition(job, "Complete").isPresent()
        || JobObserver.condition(job, "Failed").isPresent();
  }

  private static Optional<Stray> stray(Job job, FashionTrainingJobStatus status) {
    return attempt(job)
        .filter(number -> !number.equals(status.activeAttempt()))
        // The last one's is the record of its end.
        .filter(number -> !ended(job) || number < status.attemptCount())
        .map(number -> new Stray(job.getMetadata().getName(), number));
  }

  private static Optional<Integer> attempt(Job job) {
    return Optional.ofNullable(job.getMetadata().getLabels())
        .map(labels -> labels.get(Labels.ATTEMPT))
        .filter(number -> number.matches("[0-9]{1,9}"))
        .map(Integer::valueOf);
  }
}
