package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.CleanPodPolicy;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.reconcile.Decision.CleanUp;
import io.fashionmnist.training.operator.reconcile.Decision.Ignore;
import io.fashionmnist.training.operator.reconcile.Decision.Leftover;
import io.fashionmnist.training.operator.reconcile.Decision.LetGo;
import io.fashionmnist.training.operator.reconcile.Decision.Register;
import io.fashionmnist.training.operator.registry.Registration;
import io.fashionmnist.training.operator.registry.RegistrySight;
import io.fashionmnist.training.operator.registry.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is done for a job that is over: its model is registered, what it left is cleaned up. Pure.
 */
final class Afterwards {
  private final boolean deletesRecords;

  /**
   * @param deletesRecords whether custom jobs go with their resource: it is held back until then
   */
  Afterwards(boolean deletesRecords) {
    this.deletesRecords = deletesRecords;
  }

  /** Its model is registered, what it left is cleaned up meanwhile or then. */
  Decision decide(Observation observation, Instant now) {
    if (observation.registry().isEmpty()) {
      boolean held =
          deletesRecords && observation.status().attempts().stream().anyMatch(Attempt::onRecord);
      return observation.heldBack() && !held
          ? new LetGo(Optional.empty())
          : cleanUp(observation, now);
    }
    Step step = registration(observation, observation.registry().get(), now);
    return step instanceof Step.Wait(Duration lookAgain)
        ? switch (cleanUp(observation, now)) {
          case CleanUp(Leftover leftover, Optional<Duration> left) ->
              new CleanUp(leftover, Optional.of(sooner(left, lookAgain)));
          case Ignore(Optional<Duration> left) ->
              new Register(new Step.Wait(sooner(left, lookAgain)));
          case Decision other -> other;
        }
        : new Register(step);
  }

  static Step registration(Observation observation, RegistrySight sight, Instant now) {
    return Registration.next(
        sight, observation.status().condition(FashionTrainingJob.MODEL_REGISTERED), now);
  }

  private static Duration sooner(Optional<Duration> one, Duration other) {
    return one.filter(time -> time.compareTo(other) < 0).orElse(other);
  }

  private static Decision cleanUp(Observation observation, Instant now) {
    boolean onRecord = observation.status().attempts().stream().anyMatch(Attempt::onRecord);
    boolean inCluster = !(observation.attempt() instanceof AttemptObservation.Missing);
    RunPolicy policy = observation.policy();
    Optional<Duration> left =
        Optional.ofNullable(policy.ttlSecondsAfterFinished())
            .map(
                seconds ->
                    Duration.between(
                        now,
                        Instant.parse(observation.status().completionTime()).plusSeconds(seconds)));
    if (!inCluster && !onRecord) {
      return new Ignore(Optional.empty());
    }
    if (left.filter(time -> !time.isPositive()).isPresent()) {
      return inCluster
          ? new CleanUp(Leftover.JOB, onRecord ? Optional.of(LiveAttempt.SETTLE) : Optional.empty())
          : new CleanUp(Leftover.CUSTOM_JOBS, Optional.empty());
    }
    var replicas = observation.attempt().replicas();
    int doomed =
        switch (policy.cleanPodPolicy()) {
          case NONE -> 0;
          case RUNNING -> replicas.active();
          case ALL -> replicas.active() + replicas.succeeded() + replicas.failed();
        };
    return doomed > 0 && policy.cleanPodPolicy() != CleanPodPolicy.NONE
        ? new CleanUp(Leftover.PODS, left)
        : new Ignore(left);
  }
}
