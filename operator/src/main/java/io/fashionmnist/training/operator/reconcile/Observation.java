package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Stray;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.registry.RegistrySight;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a decision rests on.
 *
 * @param job the resource, its status as it was written last
 * @param plan where the job may run
 * @param sight what can be seen of the active attempt, or, once the job is over, of the last
 * @param strays what is left of attempts that are over
 * @param admissions by placement, whether an attempt may be made there now; those that are not
 *     named are open
 * @param registry what can be seen of the model's registration, while the job awaits one
 */
public record Observation(
    FashionTrainingJob job,
    PlacementPlan plan,
    Sight sight,
    List<Stray> strays,
    Map<String, Admission> admissions,
    Optional<RegistrySight> registry) {

  /**
   * Holds back what is being deleted until its attempts on Vertex AI are over, and its model is
   * registered.
   */
  public static final String FINALIZER = FashionTrainingJob.GROUP + "/attempts";

  public Observation {
    strays = List.copyOf(strays);
    admissions = Map.copyOf(admissions);
  }

  /** The same of a newer resource. */
  Observation with(FashionTrainingJob newer) {
    return new Observation(newer, plan, sight, strays, admissions, registry);
  }

  /** The same, the attempt seen otherwise. */
  Observation with(Sight other) {
    return new Observation(job, plan, other, strays, admissions, registry);
  }

  FashionTrainingJobStatus status() {
    return job.currentStatus();
  }

  RunPolicy policy() {
    return job.getSpec().runPolicy();
  }

  AttemptObservation attempt() {
    return sight.attempt();
  }

  boolean heldBack() {
    return job.getMetadata().getFinalizers().contains(FINALIZER);
  }

  Admission admission(Placement placement) {
    return admissions.getOrDefault(placement.name(), new Admission.Open());
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

  /** The newest attempt that was more than passed over. */
  Optional<Attempt> lastMade() {
    return status().attempts().reversed().stream()
        .filter(attempt -> attempt.state() != AttemptState.SKIPPED)
        .findFirst();
  }

  /** The newest attempt, live or not. */
  Optional<Attempt> last() {
    return status().attempts().isEmpty()
        ? Optional.empty()
        : Optional.of(status().attempts().getLast());
  }
}
