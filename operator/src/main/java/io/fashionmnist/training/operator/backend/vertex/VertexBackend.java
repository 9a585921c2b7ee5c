package io.fashionmnist.training.operator.backend.vertex;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Consequence;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.backend.Backend;
import io.fashionmnist.training.operator.backend.Prospect;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Start;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Runs attempts as custom jobs. A create has no name of the caller's choice and its answer may be
 * lost, so that an attempt is known by its labels, and nobody creates it again before a list that
 * must show it does not.
 */
public final class VertexBackend implements Backend {
  /** A create's own time, and how long a list may lag behind it. */
  static final Duration SETTLED = VertexApi.CREATE_TIME.plusSeconds(60);

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final JobCalls api;
  private final RegionWatch watch;
  private final VertexRoom room;
  private final ReportFollower reports;
  private final Postponed postponed;
  private final JobChanges changes;
  private final Submission submission;
  private final AttemptLookup lookup;

  VertexBackend(
      String installation,
      JobCalls api,
      RegionWatch watch,
      VertexRoom room,
      ReportFollower reports,
      Postponed postponed,
      JobChanges changes,
      InstantSource clock) {
    this.api = api;
    this.watch = watch;
    this.room = room;
    this.reports = reports;
    this.postponed = postponed;
    this.changes = changes;
    VertexObserver observer = new VertexObserver();
    submission = new Submission(installation, api, watch, room, postponed, observer, clock);
    lookup = new AttemptLookup(installation, api, room, reports, observer, clock);
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
    return room.reserve(CustomJobs.owner(job, attempt).key(), placement.vertex());
  }

  @Override
  public void release(FashionTrainingJob job, int attempt) {
    room.released(CustomJobs.owner(job, attempt).key());
  }

  @Override
  public void ended(FashionTrainingJob job, Attempt attempt, AttemptObservation how) {
    JobOwner owner = CustomJobs.owner(job, attempt.number());
    boolean full =
        how instanceof AttemptObservation.Failed failed
                && failed.consequence() == Consequence.ELSEWHERE
                && !AttemptReason.PREEMPTED.equals(failed.reason())
            // It may have got its machine, and been quick, while it was given up.
            || AttemptReason.QUEUE_DEADLINE_EXCEEDED.equals(attempt.reason())
                && !(how instanceof AttemptObservation.Succeeded);
    if (full) {
      room.refused(
          owner.key(),
          how instanceof AttemptObservation.Failed failed ? failed.quotaMetrics() : List.of());
    }
    room.released(owner.key());
    postponed.forget(owner);
    reports.forget(owner);
    watch.forget(region(attempt), owner);
  }

  /** The resource of an attempt is gone, and nothing of the attempt runs. */
  void gone(JobOwner owner) {
    room.released(owner.key());
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
    return submission.submit(start);
  }

  @Override
  public boolean exists(FashionTrainingJob job, Attempt attempt) {
    if (!attempt.state().live()) {
      // Its end was seen, and no custom job starts again.
      return false;
    }
    return !lookup.listed(CustomJobs.owner(job, attempt.number()), attempt).isEmpty();
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
    boolean created = !submission.surelyNotCreated(attempt, owner);
    RegionWatch.Known known = watch.watch(region, owner, created);
    if (!created) {
      return Sight.of(submission.waiting(region, attempt, owner, known));
    }
    Optional<RegionWatch.Trouble> trouble =
        known.trouble().filter(each -> each.since().plus(PATIENCE).isBefore(now));
    if (trouble.isPresent()) {
      return Sight.of(
          new AttemptObservation.Unreachable(
              "Vertex AI in %s has not answered since %s: %s"
                  .formatted(
                      region.region(), trouble.get().since(), trouble.get().failure().message()),
              ReplicaStatus.NONE));
    }
    if (known.jobs().isEmpty()) {
      // The first list is under way, and tells when it is there.
      return Sight.of(new AttemptObservation.Leaving(ReplicaStatus.NONE));
    }
    return lookup.find(plan, attempt, owner, known.jobs().get());
  }

  @Override
  public void stop(FashionTrainingJob job, Attempt attempt) {
    VertexRegion region = region(attempt);
    JobOwner owner = CustomJobs.owner(job, attempt.number());
    if (submission.surelyNotCreated(attempt, owner)) {
      return;
    }
    if (attempt.externalName() != null) {
      api.cancel(region, attempt.externalName());
    } else {
      lookup.listed(owner, attempt).stream()
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

  private static VertexRegion region(Attempt attempt) {
    return VertexRegion.of(attempt.location());
  }
}
