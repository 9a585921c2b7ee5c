package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.storage.StorageException;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Consequence;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.backend.Backend;
import io.fashionmnist.training.operator.backend.Prospect;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Start;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.quota.AttemptKey;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Runs attempts as custom jobs. A create has no name of the caller's choice and its answer may be
 * lost, so that an attempt is known by its labels, and nobody creates it again before a list that
 * must show it does not.
 */
public final class VertexBackend implements Backend {
  /** A create's own time, and how long a list may lag behind it. */
  static final Duration SETTLED = VertexApi.CREATE_TIME.plusSeconds(60);

  private static final Logger LOG = Logger.getLogger(VertexBackend.class);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final ReplicaStatus NONE = new ReplicaStatus(0, 0, 0);

  private final String installation;
  private final CustomJobs customJobs;
  private final JobCalls api;
  private final RegionWatch watch;
  private final VertexRoom room;
  private final ReportFollower reports;
  private final Postponed postponed;
  private final JobChanges changes;
  private final InstantSource clock;
  private final VertexObserver observer = new VertexObserver();

  VertexBackend(
      String installation,
      JobCalls api,
      RegionWatch watch,
      VertexRoom room,
      ReportFollower reports,
      Postponed postponed,
      JobChanges changes,
      InstantSource clock) {
    this.installation = installation;
    customJobs = new CustomJobs(installation);
    this.api = api;
    this.watch = watch;
    this.room = room;
    this.reports = reports;
    this.postponed = postponed;
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, FashionTrainingJob>> eventSources(
      EventSourceContext<FashionTrainingJob> context) {
    changes.lookIn(context.getPrimaryCache());
    return List.of(changes);
  }

  @Override
  public Admission admission(PlacementPlan plan, Placement placement) {
    return room.admission(plan, placement);
  }

  @Override
  public Prospect prospect(PlacementPlan plan, Placement placement) {
    return room.prospect(plan, placement);
  }

  @Override
  public boolean reserve(FashionTrainingJob job, Placement placement, int attempt) {
    return room.reserve(key(job, attempt), placement.vertex());
  }

  @Override
  public void release(FashionTrainingJob job, int attempt) {
    room.released(key(job, attempt));
  }

  @Override
  public void ended(FashionTrainingJob job, Attempt attempt, AttemptObservation how) {
    AttemptKey key = key(job, attempt.number());
    boolean full =
        how instanceof AttemptObservation.Failed failed
                && failed.consequence() == Consequence.ELSEWHERE
                && !AttemptReason.PREEMPTED.equals(failed.reason())
            || AttemptReason.QUEUE_DEADLINE_EXCEEDED.equals(attempt.reason());
    if (full) {
      room.refused(
          key, how instanceof AttemptObservation.Failed failed ? failed.quotaMetrics() : List.of());
    }
    room.released(key);
    JobOwner owner = CustomJobs.owner(job, attempt.number());
    postponed.forget(owner);
    reports.forget(owner);
    watch.forget(region(attempt), owner);
  }

  /** The resource of an attempt is gone, and nothing of the attempt runs. */
  void gone(JobOwner owner) {
    room.released(key(owner));
    postponed.forget(owner);
    reports.forget(owner);
  }

  @Override
  public AttemptName name(FashionTrainingJob job, Placement placement, int attempt) {
    VertexPlacement vertex = placement.vertex();
    return new AttemptName(
        Optional.of(new VertexRegion(vertex.project(), vertex.region()).parent()),
        Optional.empty());
  }

  @Override
  public Optional<Sight> submit(Start start) {
    VertexPlacement vertex = start.placement().vertex();
    AttemptKey key = key(start.job(), start.attempt().number());
    JobOwner owner = CustomJobs.owner(start.job(), start.attempt().number());
    var desired =
        customJobs.desired(
            start.job(),
            start.plan(),
            start.attempt(),
            vertex,
            start.resumeFrom(),
            start.timeLeft());
    VertexRegion region = region(start.attempt());
    Optional<VertexFailure> silence = watch.silence(region);
    if (silence.isPresent()) {
      postponed.postpone(owner);
      watch.watch(region, owner);
      return Optional.of(Sight.of(notReached(region, silence.get())));
    }
    postponed.begin(owner);
    try {
      var created = api.create(region, desired, timeToCreate(start.attempt()));
      room.accepted(key);
      postponed.forget(owner);
      return PolledJob.of(installation, created).map(job -> seen(job, Optional.empty()));
    } catch (VertexCallException e) {
      return Optional.of(Sight.of(notCreated(start, owner, e)));
    } finally {
      watch.watch(region, owner);
    }
  }

  /**
   * Runs from the intent: who was held up since makes nothing that others, who have begun to look
   * for it, may have missed.
   */
  private Duration timeToCreate(Attempt attempt) {
    Duration left =
        Duration.between(clock.instant(), attempt.begunLast().plus(VertexApi.CREATE_TIME));
    if (!left.isPositive()) {
      throw new VertexCallException(
          new VertexFailure.ServiceFault("no time was left to create the custom job"), true, null);
    }
    return left;
  }

  private AttemptObservation notCreated(Start start, JobOwner owner, VertexCallException e) {
    if (e.outcomeUnknown()) {
      return new AttemptObservation.Waiting(
          Cause.STARTING,
          "Unconfirmed",
          "Vertex AI has not answered whether it created the custom job; looked for in %s: %s"
              .formatted(SETTLED, e.failure().message()),
          NONE);
    }
    return switch (e.failure()) {
      case VertexFailure.RateLimited(String message) -> {
        postponed.postpone(owner);
        yield new AttemptObservation.Waiting(Cause.STARTING, "RateLimited", message, NONE);
      }
      case VertexFailure.ServiceFault(String message) -> {
        postponed.postpone(owner);
        yield new AttemptObservation.Waiting(
            Cause.CAPACITY, AttemptReason.NOT_REACHED, message, NONE);
      }
      case VertexFailure failure -> {
        AttemptObservation.Failed failed =
            room.explained(observer.failed(failure, Optional.empty()), start.placement().vertex());
        if (failed.consequence() == Consequence.ELSEWHERE) {
          room.refused(key(owner), failed.quotaMetrics());
        }
        yield failed;
      }
    };
  }

  /**
   * Nothing was created, so that another placement may be tried when the queue deadline is over.
   */
  private static AttemptObservation notReached(VertexRegion region, VertexFailure silence) {
    return new AttemptObservation.Waiting(
        Cause.CAPACITY,
        AttemptReason.NOT_REACHED,
        "Vertex AI in %s does not answer, and was not asked to create the custom job: %s"
            .formatted(region.region(), silence.message()),
        NONE);
  }

  /** Whether the last that is known of an attempt's creation is that there was none. */
  private boolean surelyNotCreated(Attempt attempt, JobOwner owner) {
    return attempt.externalName() == null
        && (postponed.holds(owner)
            || attempt.state() == AttemptState.QUEUED
                && AttemptReason.NOT_REACHED.equals(attempt.reason()));
  }

  @Override
  public boolean exists(FashionTrainingJob job, Attempt attempt) {
    if (!attempt.state().live()) {
      // Its end was seen, and no custom job starts again.
      return false;
    }
    return !listedNow(job, attempt).isEmpty();
  }

  @Override
  public Sight observe(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      Context<FashionTrainingJob> context,
      Instant now) {
    if (!attempt.state().live()) {
      return Sight.of(new AttemptObservation.Missing());
    }
    JobOwner owner = CustomJobs.owner(job, attempt.number());
    VertexRegion region = region(attempt);
    RegionWatch.Known known = watch.watch(region, owner);
    if (surelyNotCreated(attempt, owner)) {
      return Sight.of(notCreated(region, attempt, owner, known));
    }
    Optional<RegionWatch.Trouble> trouble =
        known.trouble().filter(each -> each.since().plus(PATIENCE).isBefore(now));
    if (trouble.isPresent()) {
      return Sight.of(
          new AttemptObservation.Unreachable(
              "Vertex AI in %s has not answered since %s: %s"
                  .formatted(
                      region.region(), trouble.get().since(), trouble.get().failure().message()),
              NONE));
    }
    if (known.jobs().isEmpty()) {
      // The first list is under way, and tells when it is there.
      return Sight.of(new AttemptObservation.Leaving(NONE));
    }
    PolledJobs list = known.jobs().get();
    return list.of(owner.uid(), owner.attempt())
        .or(() -> named(region, attempt))
        .or(() -> ended(job, attempt, list))
        .map(found -> found(plan, attempt, owner, found))
        .orElseGet(() -> Sight.of(unseen(attempt, list)));
  }

  /** Waits for its next turn, or for the region to answer; ended meanwhile, it is over. */
  private AttemptObservation notCreated(
      VertexRegion region, Attempt attempt, JobOwner owner, RegionWatch.Known known) {
    if (attempt.state() == AttemptState.STOPPING) {
      return new AttemptObservation.Missing();
    }
    Optional<VertexFailure> silence =
        known
            .trouble()
            .map(RegionWatch.Trouble::failure)
            .filter(VertexFailure.ServiceFault.class::isInstance);
    if (silence.isPresent()) {
      return notReached(region, silence.get());
    }
    if (postponed.due(owner) || !postponed.holds(owner) && known.jobs().isPresent()) {
      return new AttemptObservation.Missing();
    }
    return new AttemptObservation.Waiting(
        AttemptReason.NOT_REACHED.equals(attempt.reason()) ? Cause.CAPACITY : Cause.STARTING,
        attempt.reason(),
        attempt.message(),
        NONE);
  }

  /** Lists of what lives lag behind a new job, and do not show one that is over. */
  private Optional<PolledJob> named(VertexRegion region, Attempt attempt) {
    return Optional.ofNullable(attempt.externalName())
        .flatMap(name -> api.get(region, name))
        .flatMap(job -> PolledJob.of(installation, job));
  }

  /** One that was over before any list showed it, so that its name is not known. */
  private Optional<PolledJob> ended(FashionTrainingJob job, Attempt attempt, PolledJobs list) {
    return attempt.externalName() == null && settled(attempt, list)
        ? listedNow(job, attempt).stream().reduce((_, newest) -> newest)
        : Optional.empty();
  }

  /** What a list asked for now shows of an attempt, the oldest first. */
  private List<PolledJob> listedNow(FashionTrainingJob job, Attempt attempt) {
    JobOwner owner = CustomJobs.owner(job, attempt.number());
    return PolledJobs.of(
            installation,
            api.list(region(attempt), JobLabels.filter(installation, owner)),
            clock.instant())
        .jobs();
  }

  private Sight found(PlacementPlan plan, Attempt attempt, JobOwner owner, PolledJob found) {
    Optional<VertexPlacement> placement = plan.named(attempt.placement()).map(Placement::vertex);
    if (found.live()) {
      reports.follow(owner, attempt.outputUri());
      // Another process may have made it.
      placement.ifPresent(where -> room.holds(key(owner), where));
      return seen(found, Optional.empty());
    }
    Optional<TrainingReport> report;
    try {
      report = reports.last(attempt.outputUri());
    } catch (StorageException e) {
      LOG.infof("The last report below %s: %s", attempt.outputUri(), e.getMessage());
      // Its end may be told without it, but not at once: it has the results.
      if (e.isRetryable() && endedLately(found)) {
        return Sight.of(new AttemptObservation.Leaving(NONE));
      }
      report = Optional.empty();
    }
    Sight end = seen(found, report);
    return end.attempt() instanceof AttemptObservation.Failed failed && placement.isPresent()
        ? new Sight(room.explained(failed, placement.get()), end.externalName())
        : end;
  }

  private boolean endedLately(PolledJob job) {
    return job.ended().filter(end -> end.plus(PATIENCE).isAfter(clock.instant())).isPresent();
  }

  private Sight seen(PolledJob job, Optional<TrainingReport> report) {
    return new Sight(observer.observe(job, report, clock.instant()), Optional.of(job.name()));
  }

  /** Missing only when a list that must show it does not. */
  private static AttemptObservation unseen(Attempt attempt, PolledJobs list) {
    if (attempt.externalName() != null || settled(attempt, list)) {
      return new AttemptObservation.Missing();
    }
    return attempt.state() == AttemptState.STOPPING
        ? new AttemptObservation.Leaving(NONE)
        : new AttemptObservation.Waiting(Cause.STARTING, attempt.reason(), attempt.message(), NONE);
  }

  private static boolean settled(Attempt attempt, PolledJobs list) {
    return list.takenAt().isAfter(attempt.begunLast().plus(SETTLED));
  }

  @Override
  public void stop(FashionTrainingJob job, Attempt attempt) {
    VertexRegion region = region(attempt);
    if (surelyNotCreated(attempt, CustomJobs.owner(job, attempt.number()))) {
      return;
    }
    if (attempt.externalName() != null) {
      api.cancel(region, attempt.externalName());
    } else {
      listedNow(job, attempt).stream()
          .filter(PolledJob::live)
          .forEach(each -> api.cancel(region, each.name()));
    }
  }

  /** A custom job that is over has no machines. */
  @Override
  public void deletePods(FashionTrainingJob job, Attempt attempt) {}

  @Override
  public void delete(FashionTrainingJob job, Attempt attempt) {
    Optional.ofNullable(attempt.externalName())
        .ifPresent(name -> api.delete(region(attempt), name));
  }

  private static AttemptKey key(JobOwner owner) {
    return new AttemptKey(owner.uid(), owner.attempt());
  }

  private static AttemptKey key(FashionTrainingJob job, int attempt) {
    return new AttemptKey(job.getMetadata().getUid(), attempt);
  }

  private static VertexRegion region(Attempt attempt) {
    return VertexRegion.of(attempt.location());
  }
}
