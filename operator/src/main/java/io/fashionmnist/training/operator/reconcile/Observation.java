package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.util.Optional;

/**
 * Everything a decision rests on.
 *
 * @param job the resource, its status as it was written last
 * @param plan where the job may run
 * @param attempt what can be seen of the active attempt, or, once the job is over, of the last
 */
public record Observation(FashionTrainingJob job, PlacementPlan plan, AttemptObservation attempt) {

  FashionTrainingJobStatus status() {
    return job.currentStatus();
  }

  RunPolicy policy() {
    return job.getSpec().runPolicy();
  }

  /** The attempt that is live, by the status. */
  Optional<Attempt> active() {
    return Optional.ofNullable(status().activeAttempt())
        .flatMap(
            number ->
                status().attempts().stream()
                    .filter(each -> each.number().equals(number))
                    .findFirst());
  }

  /** The newest attempt, live or not. */
  Optional<Attempt> last() {
    return status().attempts().isEmpty()
        ? Optional.empty()
        : Optional.of(status().attempts().getLast());
  }
}
