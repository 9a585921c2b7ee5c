package io.fashionmnist.training.operator.backend.cluster;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.operator.backend.Stray;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Jobs that run although their attempt is not the live one. Pure. */
final class StrayJobs {
  private StrayJobs() {}

  static List<Stray> of(FashionTrainingJobStatus status, Collection<Job> owned) {
    return owned.stream()
        .filter(job -> !over(job))
        .flatMap(job -> stray(job).stream())
        .filter(stray -> !Integer.valueOf(stray.attempt()).equals(status.activeAttempt()))
        .sorted(Comparator.comparing(Stray::attempt))
        .toList();
  }

  /** Whether nothing of a Job runs any more, or will not soon. */
  static boolean over(Job job) {
    return job.getMetadata().getDeletionTimestamp() != null || ended(job);
  }

  /** Whether a Job has ended by itself. */
  static boolean ended(Job job) {
    return JobObserver.condition(job, "Complete").isPresent()
        || JobObserver.condition(job, "Failed").isPresent();
  }

  private static Optional<Stray> stray(Job job) {
    return Optional.ofNullable(job.getMetadata().getLabels())
        .map(labels -> labels.get(Labels.ATTEMPT))
        .filter(number -> number.matches("[0-9]{1,9}"))
        .map(number -> new Stray(job.getMetadata().getName(), Integer.parseInt(number)));
  }
}
