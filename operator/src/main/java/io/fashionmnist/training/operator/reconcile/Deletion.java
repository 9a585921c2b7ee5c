package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.Durations;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.reconcile.Decision.Ignore;
import io.fashionmnist.training.operator.reconcile.Decision.LetGo;
import io.fashionmnist.training.operator.reconcile.Decision.Register;
import io.fashionmnist.training.operator.reconcile.Decision.Stop;
import io.fashionmnist.training.operator.registry.RegistrySight;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What becomes of a resource that is being deleted. Pure. */
final class Deletion {
  /** How long it is held back at most. */
  static final Duration LONGEST_FAREWELL = Duration.ofMinutes(10);

  private static final Duration AGAIN = Duration.ofSeconds(10);

  private Deletion() {}

  /**
   * What runs in the cluster goes with the resource; what runs on Vertex AI has to be ended, and a
   * model that is to be registered is.
   */
  static Decision decide(Observation observation, Instant now) {
    if (!observation.heldBack()) {
      return new Ignore(Optional.empty());
    }
    if (observation.registry().isPresent()) {
      return deletedUnregistered(observation, observation.registry().get(), now);
    }
    Optional<Attempt> elsewhere =
        observation.active().filter(attempt -> attempt.backend() == Backend.VERTEX);
    boolean over =
        switch (observation.attempt()) {
          case AttemptObservation.Missing _,
              AttemptObservation.Cancelled _,
              AttemptObservation.Succeeded _,
              AttemptObservation.Failed _ ->
              true;
          case AttemptObservation.Unreachable _,
              AttemptObservation.Leaving _,
              AttemptObservation.Waiting _,
              AttemptObservation.Running _,
              AttemptObservation.Restarting _ ->
              false;
        };
    if (elsewhere.isEmpty() || over) {
      return new LetGo(Optional.empty());
    }
    Attempt attempt = elsewhere.get();
    Instant since = Instant.parse(observation.job().getMetadata().getDeletionTimestamp());
    if (since.plus(LONGEST_FAREWELL).isBefore(now)) {
      return new LetGo(
          Optional.of(
              "%s could not be seen to end within %s; look for it in the console"
                  .formatted(
                      Optional.ofNullable(attempt.externalName()).orElse(attempt.location()),
                      Durations.text(LONGEST_FAREWELL))));
    }
    return observation.attempt() instanceof AttemptObservation.Leaving
        ? new Ignore(Optional.of(AGAIN))
        : new Stop(StopReason.DELETED, "the resource is being deleted");
  }

  private static Decision deletedUnregistered(
      Observation observation, RegistrySight sight, Instant now) {
    Instant since = Instant.parse(observation.job().getMetadata().getDeletionTimestamp());
    return since.plus(LONGEST_FAREWELL).isBefore(now)
        ? new LetGo(
            Optional.of(
                "the model in %s could not be registered within %s: %s"
                    .formatted(
                        sight.plan().model().uri(),
                        Durations.text(LONGEST_FAREWELL),
                        observation
                            .status()
                            .condition(FashionTrainingJob.MODEL_REGISTERED)
                            .map(Condition::message)
                            .orElse("nothing was tried yet"))))
        : new Register(Afterwards.registration(observation, sight, now));
  }
}
