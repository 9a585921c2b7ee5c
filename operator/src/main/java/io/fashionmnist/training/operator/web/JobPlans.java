package io.fashionmnist.training.operator.web;

import io.fashionmnist.training.api.plan.JobPlan;
import io.fashionmnist.training.api.plan.Outlook;
import io.fashionmnist.training.api.plan.PlacementOutlook;
import io.fashionmnist.training.api.plan.QuotaNeed;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.Eligibility;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ResolvedPlacement;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.backend.Prospect;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.quota.QuotaDemand;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what the reconciler would do with a job, by what the reconciler itself asks. */
final class JobPlans {
  private final OperatorSettings settings;
  private final Backends backends;
  private final InstantSource clock;

  JobPlans(OperatorSettings settings, Backends backends, InstantSource clock) {
    this.settings = settings;
    this.backends = backends;
    this.clock = clock;
  }

  /** The plan of a job that has a namespace. */
  JobPlan of(FashionTrainingJob job) {
    PlacementPlan plan = PlacementPlan.of(job, settings);
    List<Placement> listed = PlacementPlan.listed(job, settings);
    List<PlacementOutlook> placements = new ArrayList<>();
    for (int index = 0; index < listed.size(); index++) {
      Placement placement = listed.get(index);
      ResolvedPlacement resolved = plan.all().get(index);
      placements.add(
          resolved.state() == Eligibility.SKIPPED
              ? ruledOut(placement, resolved)
              : judged(placement, backends.of(placement).prospect(plan, placement)));
    }
    return new JobPlan(
        job.getMetadata().getNamespace(),
        job.getMetadata().getName(),
        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
        plan.refusal().isPresent() ? null : startsOn(placements).orElse(null),
        plan.refusal()
            .map(refusal -> new JobPlan.Refusal(refusal.reason(), refusal.message()))
            .orElse(null),
        placements);
  }

  /** Where it is known that there is no room is passed over; where others find out is waited. */
  private static Optional<String> startsOn(List<PlacementOutlook> placements) {
    return placements.stream()
        .filter(each -> each.outlook() == Outlook.OPEN || each.outlook() == Outlook.UNDECIDED)
        .findFirst()
        .map(PlacementOutlook::name);
  }

  /** Of a project that the namespace may not use nothing is told. */
  private static PlacementOutlook ruledOut(Placement placement, ResolvedPlacement resolved) {
    return outlook(
        placement,
        Outlook.NOT_ALLOWED,
        resolved.reason(),
        resolved.message(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static PlacementOutlook judged(Placement placement, Prospect prospect) {
    Optional<String> advice = Advice.of(placement, prospect);
    return switch (prospect.admission()) {
      case Admission.Open _ ->
          outlook(placement, Outlook.OPEN, null, null, advice, prospect.bucket(), prospect.needs());
      case Admission.Undecided(var lookAgain) ->
          outlook(
              placement,
              Outlook.UNDECIDED,
              "BeingTried",
              "other jobs are finding out; known in %d s"
                  .formatted(Math.max(1, lookAgain.toSeconds())),
              advice,
              prospect.bucket(),
              prospect.needs());
      case Admission.Shut(String reason, String message, _) ->
          outlook(
              placement,
              Outlook.SHUT,
              reason,
              message,
              advice,
              prospect.bucket(),
              prospect.needs());
    };
  }

  private static PlacementOutlook outlook(
      Placement placement,
      Outlook outlook,
      String reason,
      String message,
      Optional<String> advice,
      Optional<Prospect.Bucket> bucket,
      List<Prospect.Need> needs) {
    Optional<io.fashionmnist.training.api.v1alpha1.VertexPlacement> vertex =
        Optional.ofNullable(placement.vertex());
    return new PlacementOutlook(
        placement.name(),
        placement.backend(),
        vertex.map(each -> each.project()).orElse(null),
        vertex.map(each -> each.region()).orElse(null),
        vertex.map(each -> QuotaDemand.of(each, 1).shape()).orElse(null),
        outlook,
        reason,
        message,
        advice.orElse(null),
        bucket
            .map(each -> new PlacementOutlook.Bucket(each.name(), each.location().orElse(null)))
            .orElse(null),
        needs.stream().map(JobPlans::need).toList());
  }

  private static QuotaNeed need(Prospect.Need need) {
    return new QuotaNeed(
        need.metric(),
        need.demand().orElse(null),
        need.checked(),
        need.known().map(Amounts::of).orElse(null));
  }
}
