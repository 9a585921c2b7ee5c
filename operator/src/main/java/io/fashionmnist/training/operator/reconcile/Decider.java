package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.FallbackPolicy;
import io.fashionmnist.training.operator.placement.FallbackPolicy.Next;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.reconcile.Decision.Begin;
import io.fashionmnist.training.operator.reconcile.Decision.EndStray;
import io.fashionmnist.training.operator.reconcile.Decision.Finish;
import io.fashionmnist.training.operator.reconcile.Decision.Ignore;
import io.fashionmnist.training.operator.reconcile.Decision.PassOver;
import io.fashionmnist.training.operator.reconcile.Decision.Pause;
import io.fashionmnist.training.operator.reconcile.Decision.Skip;
import io.fashionmnist.training.operator.reconcile.Decision.Suspend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what a pass does. A pure function of the observation and the time. */
final class Decider {
  /** How far the clocks of two replicas may differ. */
  private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

  private final Afterwards afterwards;

  /**
   * @param deletesRecords whether custom jobs go with their resource: it is held back until then
   */
  Decider(boolean deletesRecords) {
    afterwards = new Afterwards(deletesRecords);
  }

  Decision decide(Observation observation, Instant now) {
    if (!RunPolicy.OPERATOR.equals(observation.policy().managedBy())) {
      return new Ignore(Optional.empty());
    }
    if (observation.job().getMetadata().getDeletionTimestamp() != null) {
      return Deletion.decide(observation, now);
    }
    if (!observation.strays().isEmpty()) {
      return new EndStray(observation.strays().getFirst());
    }
    if (observation.job().over()) {
      return afterwards.decide(observation, now);
    }
    return observation
        .active()
        .map(attempt -> LiveAttempt.decide(observation, attempt, now))
        .orElseGet(() -> withoutAttempt(observation, now));
  }

  private static Decision withoutAttempt(Observation observation, Instant now) {
    PlacementPlan plan = observation.plan();
    RunPolicy policy = observation.policy();
    if (policy.suspend()) {
      return new Suspend();
    }
    if (plan.refusal().isPresent()) {
      var refusal = plan.refusal().get();
      return new Finish(Phase.FAILED, refusal.reason(), refusal.message());
    }
    if (Deadline.passed(observation, now)) {
      return new Finish(Phase.FAILED, StopReason.JOB_DEADLINE.text(), Deadline.message(policy));
    }
    int failures = observation.status().failureCount();
    if (failures > policy.backoffLimit()) {
      return new Finish(
          Phase.FAILED,
          "BackoffLimitExceeded",
          "%d failures, more than runPolicy.backoffLimit allows: %s"
              .formatted(
                  failures, observation.last().map(Attempt::message).orElse("see the attempts")));
    }
    Optional<Duration> left = observation.lastMade().flatMap(last -> stillBeingMade(last, now));
    if (left.isPresent()) {
      return new Ignore(left);
    }
    return observation
        .last()
        .map(last -> next(observation, last, now))
        .orElseGet(() -> firstWithRoom(observation, plan.eligible(), 1));
  }

  /**
   * How long somebody who was held up may still make the last attempt: nothing else runs until
   * then. A custom job's backend sees to that itself.
   */
  private static Optional<Duration> stillBeingMade(Attempt last, Instant now) {
    return Optional.of(last)
        .filter(each -> each.backend() == Backend.CLUSTER)
        .map(Attempt::begunLast)
        .map(begun -> begun.plus(LiveAttempt.CREATE_TIME).plus(CLOCKS_DIFFER))
        .map(until -> Duration.between(now, until))
        .filter(Duration::isPositive);
  }

  private static Decision next(Observation observation, Attempt last, Instant now) {
    PlacementPlan plan = observation.plan();
    int round = observation.status().round();
    if (!last.state().lacksCapacity()) {
      if (interruptedTooOften(observation)) {
        return new Finish(
            Phase.FAILED,
            StopReason.INTERRUPTED_TOO_OFTEN.text(),
            "interrupted %d times in a row: %s"
                .formatted(LiveAttempt.TOLERATED_INTERRUPTIONS + 1, last.message()));
      }
      Instant rested = Rest.until(observation, last);
      if (rested.isAfter(now)) {
        return new Pause(
            rested,
            "attempt %d failed, the next follows: %s".formatted(last.number(), last.message()));
      }
      return firstWithRoom(observation, plan.from(last.placement()), round);
    }
    var policy = new FallbackPolicy(plan, observation.job().getSpec().fallback());
    return switch (policy.after(last, round, now)) {
      case Next.Try(var placements, int next) -> firstWithRoom(observation, placements, next);
      case Next.Wait(Instant until, int next) ->
          new Pause(until, "every placement is out of capacity; round %d follows".formatted(next));
      case Next.GiveUp(int rounds) ->
          new Finish(
              Phase.FAILED,
              "NoCapacity",
              "no placement had capacity in %d rounds (fallback.maxRounds)".formatted(rounds));
    };
  }

  /** Starts on the first placement that may have room; those before it are told as skipped. */
  private static Decision firstWithRoom(
      Observation observation, List<Placement> placements, int round) {
    List<Skip> skipped = new ArrayList<>();
    for (Placement placement : placements) {
      switch (observation.admission(placement)) {
        case Admission.Open _ -> {
          return new Begin(placement, round, skipped);
        }
        case Admission.Undecided(var lookAgain) -> {
          return new Ignore(Optional.of(lookAgain));
        }
        case Admission.Shut shut -> skipped.add(new Skip(placement, shut));
      }
    }
    return new PassOver(round, skipped);
  }

  /** Backends that do not start a trainer again leave that, and the counting, to us. */
  private static boolean interruptedTooOften(Observation observation) {
    List<Attempt> attempts = observation.status().attempts();
    if (attempts.size() <= LiveAttempt.TOLERATED_INTERRUPTIONS) {
      return false;
    }
    return attempts
        .subList(attempts.size() - LiveAttempt.TOLERATED_INTERRUPTIONS - 1, attempts.size())
        .stream()
        .allMatch(each -> AttemptReason.INTERRUPTED.equals(each.reason()));
  }
}
