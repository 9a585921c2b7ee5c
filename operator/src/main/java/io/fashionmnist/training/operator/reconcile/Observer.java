package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.registry.Registrar;
import io.fashionmnist.training.operator.registry.RegistryPlan;
import io.fashionmnist.training.operator.registry.RegistrySight;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Observes: gathers all that a decision rests on. It never acts. */
final class Observer {
  private final OperatorSettings settings;
  private final Backends backends;
  private final Registrar registrar;

  Observer(OperatorSettings settings, Backends backends, Registrar registrar) {
    this.settings = settings;
    this.backends = backends;
    this.registrar = registrar;
  }

  Observation observe(FashionTrainingJob job, Context<FashionTrainingJob> context, Instant now) {
    PlacementPlan plan = PlacementPlan.of(job, settings);
    return new Observation(
        job,
        plan,
        sight(job, plan, context, now),
        backends.all().stream().flatMap(each -> each.strays(job, context).stream()).toList(),
        admissions(job, plan),
        job.awaitsRegistration()
            ? Optional.of(new RegistrySight(RegistryPlan.of(job, settings), registrar.look(job)))
            : Optional.empty());
  }

  private Sight sight(
      FashionTrainingJob job,
      PlacementPlan plan,
      Context<FashionTrainingJob> context,
      Instant now) {
    FashionTrainingJobStatus status = job.currentStatus();
    if (status.attempts().isEmpty()
        || status.attempts().getLast().state() == AttemptState.SKIPPED) {
      return Sight.of(new AttemptObservation.Missing());
    }
    Attempt last = status.attempts().getLast();
    return backends.of(last).observe(job, plan, last, context, now);
  }

  /** Asked only where the next decision may be where to go. */
  private Map<String, Admission> admissions(FashionTrainingJob job, PlacementPlan plan) {
    if (job.currentStatus().activeAttempt() != null
        || job.over()
        || job.getSpec().runPolicy().suspend()) {
      return Map.of();
    }
    Map<String, Admission> all = new HashMap<>();
    plan.eligible()
        .forEach(
            placement ->
                all.put(placement.name(), backends.of(placement).admission(plan, placement)));
    return all;
  }
}
