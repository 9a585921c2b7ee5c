package io.fashionmnist.training.operator.backend.vertex;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.backend.Prospect;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.quota.AttemptKey;
import io.fashionmnist.training.operator.quota.Limit;
import io.fashionmnist.training.operator.quota.QuotaDemand;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import io.fashionmnist.training.operator.quota.QuotaLedger.Finding;
import io.fashionmnist.training.operator.quota.QuotaLedger.LiveAttempt;
import io.fashionmnist.training.operator.quota.QuotaScope;
import io.fashionmnist.training.operator.quota.QuotaState;
import io.fashionmnist.training.operator.quota.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Whether a region of Vertex AI has room for an attempt: what quotas and buckets say of it. */
final class VertexRoom {
  private static final Duration EXPLAINING = Duration.ofSeconds(2);

  private final QuotaLedger ledger;
  private final Function<String, Set<String>> quotaMetrics;
  private final Consumer<Map<QuotaScope, Set<String>>> quotas;
  private final BucketRegions buckets;
  private final InstantSource clock;

  /**
   * @param quotaMetrics the names of a project's training metrics, as far as they are known
   * @param quotas reads what is due of the limits and usage of some metrics
   */
  VertexRoom(
      QuotaLedger ledger,
      Function<String, Set<String>> quotaMetrics,
      Consumer<Map<QuotaScope, Set<String>>> quotas,
      BucketRegions buckets,
      InstantSource clock) {
    this.ledger = ledger;
    this.quotaMetrics = quotaMetrics;
    this.quotas = quotas;
    this.buckets = buckets;
    this.clock = clock;
  }

  /** Whether an attempt may be made on a placement now. */
  Admission admission(PlacementPlan plan, Placement placement) {
    VertexPlacement vertex = placement.vertex();
    Optional<Admission> misplaced =
        plan.outputOf(placement)
            .flatMap(folder -> buckets.complaint(folder, vertex.region()))
            .map(complaint -> new Admission.Shut("BucketElsewhere", complaint, List.of()));
    return misplaced.orElseGet(() -> admission(ledger.look(scope(vertex), demand(vertex)), vertex));
  }

  private Admission admission(Verdict verdict, VertexPlacement vertex) {
    return switch (verdict) {
      case Verdict.Admitted _ -> new Admission.Open();
      case Verdict.Busy(_, Instant until) ->
          new Admission.Undecided(Duration.between(clock.instant(), until));
      case Verdict.Blocked(String metric, Instant until) ->
          QuotaDemand.isMetric(metric)
              ? new Admission.Shut(
                  "QuotaExhausted",
                  "%s of %s in %s is exhausted; tried again after %s"
                      .formatted(metric, vertex.project(), vertex.region(), until),
                  List.of(metric))
              : new Admission.Shut(
                  "Stockout",
                  "%s has no %s left; tried again after %s"
                      .formatted(vertex.region(), metric, until),
                  List.of());
      case Verdict.Impossible(String metric, long limit, long demand) ->
          new Admission.Shut(
              "QuotaTooSmall",
              "%s of %s in %s is %d, and the job needs %d: have it raised, or take a smaller machine"
                  .formatted(metric, vertex.project(), vertex.region(), limit, demand),
              List.of(metric));
    };
  }

  /** What an attempt on a placement would meet now. */
  Prospect prospect(PlacementPlan plan, Placement placement) {
    QuotaScope scope = scope(placement.vertex());
    QuotaDemand demand = QuotaDemand.of(placement.vertex(), 1);
    quotas.accept(Map.of(scope, demand.amounts().keySet()));
    Admission admission = admission(plan, placement);
    List<QuotaState> known = known(scope);
    List<Prospect.Need> needs = new ArrayList<>();
    demand
        .amounts()
        .forEach(
            (metric, amount) ->
                needs.add(
                    new Prospect.Need(metric, Optional.of(amount), true, state(known, metric))));
    demand
        .unmetered()
        .forEach(
            each ->
                needs.add(
                    new Prospect.Need(
                        each.candidate(), each.amount(), false, state(known, each.candidate()))));
    return new Prospect(
        admission,
        plan.outputOf(placement)
            .map(BucketRegions::bucket)
            .map(bucket -> new Prospect.Bucket(bucket, buckets.location(bucket))),
        needs);
  }

  private static Optional<QuotaState> state(List<QuotaState> known, String metric) {
    return known.stream().filter(state -> state.metric().equals(metric)).findFirst();
  }

  /** Takes the room that an attempt needs, if there is some now. */
  boolean reserve(AttemptKey key, VertexPlacement placement) {
    return ledger.admit(key, scope(placement), demand(placement)) instanceof Verdict.Admitted;
  }

  /** The attempt takes nothing any more. */
  void released(AttemptKey key) {
    ledger.released(key);
  }

  /** The attempt's custom job was created. */
  void accepted(AttemptKey key) {
    ledger.accepted(key);
  }

  /** The attempt's custom job lives, whoever created it. */
  void holds(AttemptKey key, VertexPlacement placement) {
    ledger.accepted(key);
    ledger.holds(new LiveAttempt(key, scope(placement), demand(placement)));
  }

  /** There was no room for the attempt. */
  void refused(AttemptKey key, Collection<String> metrics) {
    ledger.refused(key, metrics);
  }

  /** The same failure, with the limits of the quotas that it is about, as far as they are known. */
  AttemptObservation.Failed explained(AttemptObservation.Failed failed, VertexPlacement placement) {
    if (failed.quotaMetrics().isEmpty()) {
      return failed;
    }
    QuotaScope scope = scope(placement);
    read(Map.of(scope, Set.copyOf(failed.quotaMetrics())));
    Map<String, Long> needs = demand(placement).amounts();
    List<QuotaState> known = known(scope);
    List<String> limits =
        failed.quotaMetrics().stream()
            .flatMap(metric -> limit(scope, metric, state(known, metric), needs.get(metric)))
            .toList();
    return limits.isEmpty()
        ? failed
        : failed.saying("%s - %s".formatted(failed.message(), String.join(", ", limits)));
  }

  /** Who was refused does not wait for long to be told the limit. */
  private void read(Map<QuotaScope, Set<String>> metrics) {
    try {
      Thread.startVirtualThread(() -> quotas.accept(metrics)).join(EXPLAINING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Stream<String> limit(
      QuotaScope scope, String metric, Optional<QuotaState> state, Long need) {
    return state.map(QuotaState::limit).stream()
        .flatMap(limit -> limit instanceof Limit.Of(long most) ? Stream.of(most) : Stream.empty())
        .map(
            most ->
                "the limit of %s of %s in %s is %d%s"
                    .formatted(
                        metric,
                        scope.project(),
                        scope.region(),
                        most,
                        need == null ? "" : ", and the job needs " + need));
  }

  /**
   * What a resource's attempts have found, as far as it is known.
   *
   * @param listed the resource's placements with the operator's defaults
   */
  Stream<Finding> findings(FashionTrainingJob job, List<Placement> listed) {
    return job.currentStatus().attempts().stream()
        .filter(attempt -> attempt.location() != null)
        .flatMap(attempt -> finding(attempt, listed));
  }

  private Stream<Finding> finding(Attempt attempt, List<Placement> listed) {
    VertexRegion region = VertexRegion.of(attempt.location());
    return listed.stream()
        .filter(placement -> placement.name().equals(attempt.placement()))
        .flatMap(placement -> Stream.ofNullable(placement.vertex()))
        .filter(vertex -> region.region().equals(vertex.region()))
        .flatMap(vertex -> finding(attempt, scope(vertex), demand(vertex)));
  }

  private static Stream<Finding> finding(Attempt attempt, QuotaScope scope, QuotaDemand demand) {
    Instant since = Instant.parse(attempt.startTime());
    return switch (attempt.state()) {
      case RUNNING, RESTARTING, SUCCEEDED -> Stream.of(Finding.room(scope, demand, since));
      case OUT_OF_CAPACITY ->
          attempt.endTime() == null || AttemptReason.PREEMPTED.equals(attempt.reason())
              ? Stream.of()
              : Stream.of(
                  Finding.noRoom(
                      scope,
                      demand,
                      attempt.quotaMetrics(),
                      since,
                      Instant.parse(attempt.endTime())));
      case QUEUED, STOPPING, FAILED, SUSPENDED, SKIPPED -> Stream.of();
    };
  }

  /** Takes over what attempts found before this process began. */
  void recall(List<Finding> findings) {
    ledger.recall(findings);
  }

  private List<QuotaState> known(QuotaScope scope) {
    return ledger.snapshot().stream().filter(state -> state.scope().equals(scope)).toList();
  }

  /** One machine, counted by the names that the project's quotas have. */
  private QuotaDemand demand(VertexPlacement placement) {
    return QuotaDemand.of(placement, 1).discovered(quotaMetrics.apply(placement.project()));
  }

  private static QuotaScope scope(VertexPlacement placement) {
    return new QuotaScope(placement.project(), placement.region());
  }
}
