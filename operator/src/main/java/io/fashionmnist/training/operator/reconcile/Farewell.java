package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.event.Reason;
import io.fashionmnist.training.operator.registry.Registrar;
import java.time.Instant;
import java.util.Optional;

/** Lets a resource go: what is to go with it goes before it. */
final class Farewell {
  private final Backends backends;
  private final Registrar registrar;
  private final Finalizers finalizers;
  private final Reporter reporter;
  private final boolean deletesRecords;

  /**
   * @param deletesRecords whether custom jobs go with their resource
   */
  Farewell(
      Backends backends,
      Registrar registrar,
      Finalizers finalizers,
      Reporter reporter,
      boolean deletesRecords) {
    this.backends = backends;
    this.registrar = registrar;
    this.finalizers = finalizers;
    this.reporter = reporter;
    this.deletesRecords = deletesRecords;
  }

  /**
   * Ends what holds it back.
   *
   * @param abandoned what could not be seen to end, if anything
   */
  void bid(FashionTrainingJob job, Optional<String> abandoned, Instant now) {
    abandoned.ifPresent(what -> abandon(job, what));
    registrar.forget(job);
    deleteWhatGoesWithIt(job, now);
    finalizers.remove(job);
  }

  /** What can't be deleted holds the resource back for a while only. */
  private void deleteWhatGoesWithIt(FashionTrainingJob job, Instant now) {
    String deleted = job.getMetadata().getDeletionTimestamp();
    if (deleted == null || !deletesRecords) {
      return;
    }
    try {
      deleteRecords(job);
    } catch (RuntimeException e) {
      if (Instant.parse(deleted).plus(Deletion.LONGEST_FAREWELL).isAfter(now)) {
        throw e;
      }
      abandon(job, "its custom jobs could not be deleted: " + e.getMessage());
    }
  }

  /** Deletes the custom jobs of attempts that are over. */
  void deleteRecords(FashionTrainingJob job) {
    job.currentStatus().attempts().stream()
        .filter(Attempt::onRecord)
        .forEach(attempt -> backends.of(attempt).delete(job, attempt));
  }

  private void abandon(FashionTrainingJob job, String what) {
    reporter.tell(
        job, new Announcement(Reason.ABANDONED, job.currentStatus().attemptCount(), what));
  }
}
