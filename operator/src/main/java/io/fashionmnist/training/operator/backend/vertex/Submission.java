package io.fashionmnist.training.operator.backend.vertex;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Consequence;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Start;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Creates the custom jobs of attempts, each once. A create that surely came to nothing is made
 * again when its turn comes; one that is in doubt never is before its custom job was looked for.
 */
final class Submission {

  private final String installation;
  private final CustomJobs customJobs;
  private final JobCalls api;
  private final RegionWatch watch;
  private final VertexRoom room;
  private final Postponed postponed;
  private final VertexObserver observer;
  private final InstantSource clock;

  Submission(
      String installation,
      JobCalls api,
      RegionWatch watch,
      VertexRoom room,
      Postponed postponed,
      VertexObserver observer,
      InstantSource clock) {
    this.installation = installation;
    customJobs = new CustomJobs(installation);
    this.api = api;
    this.watch = watch;
    this.room = room;
    this.postponed = postponed;
    this.observer = observer;
    this.clock = clock;
  }

  /** Creates an attempt's custom job, unless its region is known not to answer. */
  Optional<Sight> submit(Start start) {
    VertexPlacement vertex = start.placement().vertex();
    JobOwner owner = CustomJobs.owner(start.job(), start.attempt().number());
    var desired =
        customJobs.desired(
            start.job(),
            start.plan(),
            start.attempt(),
            vertex,
            start.resumeFrom(),
            start.timeLeft());
    VertexRegion region = VertexRegion.of(start.attempt().location());
    Optional<VertexFailure> silence = watch.silence(region);
    if (silence.isPresent()) {
      postponed.postpone(owner);
      watch.watch(region, owner, false);
      return Optional.of(Sight.of(notReached(region, silence.get())));
    }
    postponed.begin(owner);
    try {
      var created = api.create(region, desired, timeToCreate(start.attempt()));
      room.accepted(owner.key());
      postponed.forget(owner);
      return PolledJob.of(installation, created)
          .map(job -> observer.sight(job, Optional.empty(), clock.instant()));
    } catch (VertexCallException e) {
      return Optional.of(Sight.of(notCreated(start, owner, e)));
    } finally {
      watch.watch(region, owner, !postponed.holds(owner));
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
              .formatted(VertexBackend.SETTLED, e.failure().message()),
          ReplicaStatus.NONE);
    }
    return switch (e.failure()) {
      case VertexFailure.RateLimited(String message) -> {
        postponed.postpone(owner);
        yield new AttemptObservation.Waiting(
            Cause.STARTING, "RateLimited", message, ReplicaStatus.NONE);
      }
      case VertexFailure.ServiceFault(String message) -> {
        postponed.postpone(owner);
        yield new AttemptObservation.Waiting(
            Cause.CAPACITY, AttemptReason.NOT_REACHED, message, ReplicaStatus.NONE);
      }
      case VertexFailure failure -> {
        AttemptObservation.Failed failed = observer.failed(failure, Optional.empty());
        if (failed.consequence() == Consequence.ELSEWHERE) {
          room.refused(owner.key(), failed.quotaMetrics());
        }
        yield room.explained(failed, start.placement().vertex());
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
        ReplicaStatus.NONE);
  }

  /** Whether the last that is known of an attempt's creation is that there was none. */
  boolean surelyNotCreated(Attempt attempt, JobOwner owner) {
    return attempt.externalName() == null
        && (postponed.holds(owner)
            || attempt.state() == AttemptState.QUEUED
                && AttemptReason.NOT_REACHED.equals(attempt.reason()));
  }

  /** One that was surely not created waits for its turn, or for the region; ended, it is over. */
  AttemptObservation waiting(
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
        ReplicaStatus.NONE);
  }
}
