package io.fashionmnist.training.operator.backend;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.TrackingSpec;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What our own trainer is told of Vertex AI Experiments, the same on either backend. The custom
 * job's own fields for experiments stay empty: they want a run that is there before the job is, and
 * the trainer makes its run itself.
 */
public final class TrackingArguments {
  private TrackingArguments() {}

  /** Options of the trainer's command line; none where the job is not tracked. */
  public static List<String> of(FashionTrainingJob job, PlacementPlan plan, Attempt attempt) {
    Optional<TrackingSpec> tracking = plan.tracking();
    if (tracking.isEmpty()) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    all.add("--tracking-experiment=" + tracking.get().experiment());
    all.add("--tracking-project=" + tracking.get().project());
    all.add("--tracking-location=" + tracking.get().location());
    Optional.ofNullable(tracking.get().tensorboard())
        .ifPresent(name -> all.add("--tracking-tensorboard=" + name));
    all.add("--tracking-parameter=backend=" + attempt.backend().text());
    all.add("--tracking-parameter=placement=" + attempt.placement());
    all.add(
        "--tracking-parameter=job="
            + job.getMetadata().getNamespace()
            + "/"
            + job.getMetadata().getName());
    return all;
  }
}
