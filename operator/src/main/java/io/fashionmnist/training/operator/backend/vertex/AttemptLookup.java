package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.storage.StorageException;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Finds the custom job of an attempt: in the last list of its region, by its name, or in a list of
 * its own; and says what it sees there, with the report of one that is over.
 */
final class AttemptLookup {
  private static final Logger LOG = Logger.getLogger(AttemptLookup.class);
  private static final Duration REPORT_TIME = Duration.ofMinutes(1);

  private final String installation;
  private final JobCalls api;
  private final VertexRoom room;
  private final ReportFollower reports;
  private final VertexObserver observer;
  private final InstantSource clock;

  AttemptLookup(
      String installation,
      JobCalls api,
      VertexRoom room,
      ReportFollower reports,
      VertexObserver observer,
      InstantSource clock) {
    this.installation = installation;
    this.api = api;
    this.room = room;
    this.reports = reports;
    this.observer = observer;
    this.clock = clock;
  }

  /**
   * What is seen of an attempt that may have been created.
   *
   * @param list the last of its region
   */
  Sight find(PlacementPlan plan, Attempt attempt, JobOwner owner, PolledJobs list) {
    return list.of(owner.uid(), owner.attempt())
        .or(() -> named(attempt))
        .or(() -> ended(owner, attempt, list))
        .map(found -> found(plan, attempt, owner, found))
        .orElseGet(() -> Sight.of(unseen(attempt, list)));
  }

  /** Lists of what lives lag behind a new job, and do not show one that is over. */
  private Optional<PolledJob> named(Attempt attempt) {
    return Optional.ofNullable(attempt.externalName())
        .flatMap(name -> api.get(VertexRegion.of(attempt.location()), name))
        .flatMap(job -> PolledJob.of(installation, job));
  }

  /** One that was over before any list showed it, so that its name is not known. */
  private Optional<PolledJob> ended(JobOwner owner, Attempt attempt, PolledJobs list) {
    return attempt.externalName() == null && settled(attempt, list)
        ? listed(owner, attempt).stream().reduce((_, newest) -> newest)
        : Optional.empty();
  }

  /** What a list asked for now shows of an attempt, the oldest first. */
  List<PolledJob> listed(JobOwner owner, Attempt attempt) {
    return PolledJobs.of(
            installation,
            api.list(VertexRegion.of(attempt.location()), JobLabels.filter(installation, owner)),
            clock.instant())
        .jobs();
  }

  private Sight found(PlacementPlan plan, Attempt attempt, JobOwner owner, PolledJob found) {
    Optional<VertexPlacement> placement = plan.named(attempt.placement()).map(Placement::vertex);
    if (found.live()) {
      reports.follow(owner, attempt.outputUri());
      // Another process may have made it.
      placement.ifPresent(where -> room.holds(owner.key(), where));
      return sight(found, Optional.empty());
    }
    Optional<TrainingReport> report;
    try {
      report = reports.last(attempt.outputUri());
    } catch (StorageException e) {
      LOG.infof("The last report below %s: %s", attempt.outputUri(), e.getMessage());
      // Its end may be told without it, but not at once: it has the results.
      if (e.isRetryable() && endedLately(found)) {
        return Sight.of(new AttemptObservation.Leaving(ReplicaStatus.NONE));
      }
      report = Optional.empty();
    }
    Sight end = sight(found, report);
    return end.attempt() instanceof AttemptObservation.Failed failed && placement.isPresent()
        ? new Sight(room.explained(failed, placement.get()), end.externalName())
        : end;
  }

  private boolean endedLately(PolledJob job) {
    return job.ended().filter(end -> end.plus(REPORT_TIME).isAfter(clock.instant())).isPresent();
  }

  private Sight sight(PolledJob job, Optional<TrainingReport> report) {
    return observer.sight(job, report, clock.instant());
  }

  /** Missing only when a list that must show it does not. */
  private static AttemptObservation unseen(Attempt attempt, PolledJobs list) {
    if (attempt.externalName() != null || settled(attempt, list)) {
      return new AttemptObservation.Missing();
    }
    return attempt.state() == AttemptState.STOPPING
        ? new AttemptObservation.Leaving(ReplicaStatus.NONE)
        : new AttemptObservation.Waiting(
            Cause.STARTING, attempt.reason(), attempt.message(), ReplicaStatus.NONE);
  }

  private static boolean settled(Attempt attempt, PolledJobs list) {
    return list.takenAt().isAfter(attempt.begunLast().plus(VertexBackend.SETTLED));
  }
}
