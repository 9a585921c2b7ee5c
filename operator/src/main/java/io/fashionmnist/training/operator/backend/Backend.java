package io.fashionmnist.training.operator.backend;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Starts, observes and ends attempts. Each call is one look or one effect. */
public interface Backend {
  /** What tells that an attempt has changed. */
  List<EventSource<?, FashionTrainingJob>> eventSources(
      EventSourceContext<FashionTrainingJob> context);

  /** Whether an attempt may be made on a placement now. Changes nothing. */
  Admission admission(PlacementPlan plan, Placement placement);

  /**
   * What an attempt on a placement would meet now, limits read anew where that is due. Reserves
   * nothing.
   */
  Prospect prospect(PlacementPlan plan, Placement placement);

  /** Takes the room that an attempt needs, before its intent is written; false: it has none now. */
  boolean reserve(FashionTrainingJob job, Placement placement, int attempt);

  /** Gives back what was reserved: the intent could not be written. */
  void release(FashionTrainingJob job, int attempt);

  /** Gives back what was reserved, and learns how the attempt ended. */
  void ended(FashionTrainingJob job, Attempt attempt, AttemptObservation how);

  /** What an attempt is called before its backend has been asked. */
  AttemptName name(FashionTrainingJob job, Placement placement, int attempt);

  /** Carries out an intent that has been written; what is known of the attempt at once. */
  Optional<Sight> submit(Start start);

  /** Whether something of an attempt is there, asked of the one that runs it. */
  boolean exists(FashionTrainingJob job, Attempt attempt);

  /** Looks at an attempt. */
  Sight observe(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      Context<FashionTrainingJob> context,
      Instant now);

  /** Ends an attempt; its trainer may save. An attempt that is not there is ended. */
  void stop(FashionTrainingJob job, Attempt attempt);

  /** What is left of a job's attempts that are over, as far as a view shows it. */
  default List<Stray> strays(FashionTrainingJob job, Context<FashionTrainingJob> context) {
    return List.of();
  }

  /**
   * Deletes what is left of an attempt that is over, unless the resource's status says otherwise.
   */
  default void endStray(FashionTrainingJob job, Stray stray) {}

  /** Deletes what keeps computing of a finished attempt, leaving its record. */
  void deletePods(FashionTrainingJob job, Attempt attempt);

  /** Deletes an attempt that is over. */
  void delete(FashionTrainingJob job, Attempt attempt);
}
