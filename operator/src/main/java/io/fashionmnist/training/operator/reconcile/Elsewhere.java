package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.Backend;
import io.fashionmnist.training.operator.backend.Prospect;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Start;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A backend outside this cluster: whoever waits for its answer gives the turn away meanwhile. */
record Elsewhere(Backend backend, Turns turns) implements Backend {
  @Override
  public List<EventSource<?, FashionTrainingJob>> eventSources(
      EventSourceContext<FashionTrainingJob> context) {
    return backend.eventSources(context);
  }

  @Override
  public Admission admission(PlacementPlan plan, Placement placement) {
    // It may look up where a bucket is.
    return turns.leave(() -> backend.admission(plan, placement));
  }

  @Override
  public Prospect prospect(PlacementPlan plan, Placement placement) {
    return turns.leave(() -> backend.prospect(plan, placement));
  }

  @Override
  public boolean reserve(FashionTrainingJob job, Placement placement, int attempt) {
    return backend.reserve(job, placement, attempt);
  }

  @Override
  public void release(FashionTrainingJob job, int attempt) {
    backend.release(job, attempt);
  }

  @Override
  public void ended(FashionTrainingJob job, Attempt attempt, AttemptObservation how) {
    backend.ended(job, attempt, how);
  }

  @Override
  public AttemptName name(FashionTrainingJob job, Placement placement, int attempt) {
    return backend.name(job, placement, attempt);
  }

  @Override
  public Optional<Sight> submit(Start start) {
    return turns.leave(() -> backend.submit(start));
  }

  @Override
  public boolean exists(FashionTrainingJob job, Attempt attempt) {
    return turns.leave(() -> backend.exists(job, attempt));
  }

  @Override
  public Sight observe(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      Context<FashionTrainingJob> context,
      Instant now) {
    return turns.leave(() -> backend.observe(job, plan, attempt, context, now));
  }

  @Override
  public void stop(FashionTrainingJob job, Attempt attempt) {
    leave(() -> backend.stop(job, attempt));
  }

  @Override
  public void deletePods(FashionTrainingJob job, Attempt attempt) {
    leave(() -> backend.deletePods(job, attempt));
  }

  @Override
  public void delete(FashionTrainingJob job, Attempt attempt) {
    leave(() -> backend.delete(job, attempt));
  }

  private void leave(Runnable call) {
    turns.leave(
        () -> {
          call.run();
          return null;
        });
  }
}
