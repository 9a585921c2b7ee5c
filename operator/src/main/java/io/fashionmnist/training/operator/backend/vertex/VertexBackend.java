package io.fashionmnist.training.operator.backend.vertex;

import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Consequence;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.backend.Backend;
import io.fashionmnist.training.operator.backend.Prospect;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Start;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.quota.AttemptKey;
import io.fashionmnist.training.operator.quota.QuotaDemand;
import io.fashionmnist.training.operator.quota.QuotaLedger;
import io.fashionmnist.training.operator.quota.QuotaLedger.LiveAttempt;
import io.fashionmnist.training.operator.quota.QuotaScope;
import io.fashionmnist.training.operator.quota.QuotaState;
import io.fashionmnist.training.operator.quota.Verdict;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs attempts as custom jobs. A create has no name of the caller's choice and its answer may be
 * lost, so that an attempt is known by its labels, and nobody creates it again before a list that
 * must show it does not.
 */
public final class VertexBackend implements Backend {
  /** A create's own time, and how long a list may lag behind it. */
  static final Duration SETTLED = VertexApi.CREATE_TIME.plusSeconds(60);

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final ReplicaStatus NONE = new ReplicaStatus(0, 0, 0);

  private final String installation;
  private final CustomJobs customJobs;
  private final JobCalls api;
  private final RegionWatch watch;
  private final QuotaLedger ledger;
  private final Function<String, Set<String>> quotaMetrics;
  private final Consumer<Map<QuotaScope, Set<String>>> quotas;
  private final BucketRegions buckets;
  private final ReportFollower reports;
  private final Postponed postponed;
  private final JobChanges changes;
  private final InstantSource clock;
  private final VertexObserver observer = new VertexObserver();

  /**
   * @param quotaMetrics the names of a project's training metrics, as far as they are known
   * @param quotas reads what is due of the limits and usage of some metrics
   */
  VertexBackend(
      String installation,
      JobCalls api,
      RegionWatch watch,
      QuotaLedger ledger,
      Function<String, Set<String>> quotaMetrics,
      Consumer<Map<QuotaScope, Set<String>>> quotas,
      BucketRegions buckets,
      ReportFollower reports,
      Postponed postponed,
      JobChanges changes,
      InstantSource clock) {
    this.installation = installation;
    customJobs = new CustomJobs(installation);
    this.api = api;
    this.watch = watch;
    this.ledger = ledger;
    this.quotaMetrics = quotaMetrics;
    this.quotas = quotas;
    this.buckets = buckets;
    this.reports = reports;
    this.postponed = postponed;
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, FashionTrainingJob>> eventSources(
      EventSourceContext<FashionTrainingJob> context) {
    changes.lookIn(context.getPrimaryCache());
    return List.of(changes);
  }

  @Override
  public Admission admission(PlacementPlan plan, Placement placement) {
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

  @Override
  public Prospect prospect(PlacementPlan plan, Placement placement) {
    QuotaScope scope = scope(placement.vertex());
    QuotaDemand demand = QuotaDemand.of(placement.vertex(), 1);
    quotas.accept(Map.of(scope, demand.amounts().keySet()));
    Admission admission = admission(plan, placement);
    List<QuotaState> known =
        ledger.snapshot().stream().filter(state -> state.scope().equals(scope)).toList();
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

  @Override
  public boolean reserve(FashionTrainingJob job, Placement placement, int attempt) {
    return ledger.admit(key(job, attempt), scope(placement.vertex()), demand(placement.vertex()))
        instanceof Verdict.Admitted;
  }

  @Override
  public void release(FashionTrainingJob job, int attempt) {
    ledger.released(key(job, attempt));
  }

  @Override
  public void ended(FashionTrainingJob job, Attempt attempt, AttemptObservation how) {
    AttemptKey key = key(job, attempt.number());
    boolean full =
        how instanceof AttemptObservation.Failed failed
                && failed.consequence() == Consequence.ELSEWHERE
                && !AttemptReason.PREEMPTED.equals(failed.reason())
            || AttemptReason.QUEUE_DEADLINE_EXCEEDED.equals(attempt.reason());
    if (full) {
      ledger.refused(
          key, how instanceof AttemptObservation.Failed failed ? failed.quotaMetrics() : List.of());
    }
    ledger.released(key);
    JobOwner owner = CustomJobs.owner(job, attempt.number());
    postponed.forget(owner);
    reports.forget(owner);
    watch.forget(region(attempt), owner);
  }

  /** The resource of an attempt is gone, and nothing of the attempt runs. */
  void gone(JobOwner owner) {
    ledger.released(new AttemptKey(owner.uid(), owner.attempt()));
    postponed.forget(owner);
    reports.forget(owner);
  }

  @Override
  public AttemptName name(FashionTrainingJob job, Placement placement, int attempt) {
    VertexPlacement vertex = placement.vertex();
    return new AttemptName(
        Optional.of(new VertexRegion(vertex.project(), vertex.region()).parent()),
        Optional.empty());
  }

  @Override
  public Optional<Sight> submit(Start start) {
    VertexPlacement vertex = start.placement().vertex();
    AttemptKey key = key(start.job(), start.attempt().number());
    JobOwner owner = CustomJobs.owner(start.job(), start.attempt().number());
    var desired =
        customJobs.desired(
            start.job(),
            start.plan(),
            start.attempt(),
            vertex,
            start.resumeFrom(),
            start.timeLeft());
    VertexRegion region = region(start.attempt());
    Optional<VertexFailure> silence = watch.silence(region);
    if (silence.isPresent()) {
      postponed.postpone(owner);
      watch.watch(region, owner);
      return Optional.of(Sight.of(notReached(region, silence.get())));
    }
    postponed.begin(owner);
    try {
      var created = api.create(region, desired, timeToCreate(start.attempt()));
      ledger.accepted(key);
      postponed.forget(owner);
      return PolledJob.of(installation, created).map(job -> seen(job, Optional.empty()));
    } catch (VertexCallException e) {
      return Optional.of(Sight.of(notCreated(key, owner, e)));
    } finally {
      watch.watch(region, owner);
    }
  }

  /**
   * Runs from the intent: who was held up since makes nothing that others, who have begun to look
   * for it, may have missed.
   */
  private Duration timeToCreate(Attempt attempt) {
    Duration left =
        Duration.between(clock.instant(), attempt.begunLast().plus(VertexApi.CREATE_TIME));
    if (!left.isPositive()) {
      throw new VertexCallException(
          new VertexFailure.ServiceFault("no time was left to create the custom job"), true, null);
    }
    return left;
  }

  private AttemptObservation notCreated(AttemptKey key, JobOwner owner, VertexCallException e) {
    if (e.outcomeUnknown()) {
      return new AttemptObservation.Waiting(
          Cause.STARTING,
          "Unconfirmed",
          "Vertex AI has not answered whether it created the custom job; looked for in %s: %s"
              .formatted(SETTLED, e.failure().message()),
          NONE);
    }
    return switch (e.failure()) {
      case VertexFailure.RateLimited(String message) -> {
        postponed.postpone(owner);
        yield new AttemptObservation.Waiting(Cause.STARTING, "RateLimited", message, NONE);
      }
      case VertexFailure.ServiceFault(String message) -> {
        postponed.postpone(owner);
        yield new AttemptObservation.Waiting(
            Cause.CAPACITY, AttemptReason.NOT_REACHED, message, NONE);
      }
      case VertexFailure failure -> {
        AttemptObservation.Failed failed = observer.failed(failure, Optional.empty());
        if (failed.consequence() == Consequence.ELSEWHERE) {
          ledger.refused(key, failed.quotaMetrics());
        }
        yield failed;
      }
    };
  }

  /** Nothing was created, so that another placement may be tried when the queue deadline is over. */
  private static AttemptObservation notReached(VertexRegion region, VertexFailure silence) {
    return new AttemptObservation.Waiting(
        Cause.CAPACITY,
        AttemptReason.NOT_REACHED,
        "Vertex AI in %s does not answer, and was not asked to create the custom job: %s"
            .formatted(region.region(), silence.message()),
        NONE);
  }

  /** Whether the last that is known of an attempt's creation is that there was none. */
  private boolean surelyNotCreated(Attempt attempt, JobOwner owner) {
    return attempt.externalName() == null
        && (postponed.holds(owner)
            || attempt.state() == AttemptState.QUEUED
                && AttemptReason.NOT_REACHED.equals(attempt.reason()));
  }

  @Override
  public boolean exists(FashionTrainingJob job, Attempt attempt) {
    if (!attempt.state().live()) {
      // Its end was seen, and no custom job starts again.
      return false;
    }
    return !listedNow(job, attempt).isEmpty();
  }

  @Override
  public Sight observe(
      FashionTrainingJob job,
      PlacementPlan plan,
      Attempt attempt,
      Context<FashionTrainingJob> context,
      Instant now) {
    if (!attempt.state().live()) {
      return Sight.of(new AttemptObservation.Missing());
    }
    JobOwner owner = CustomJobs.owner(job, attempt.number());
    VertexRegion region = region(attempt);
    RegionWatch.Known known = watch.watch(region, owner);
    if (surelyNotCreated(attempt, owner)) {
      return Sight.of(notCreated(region, attempt, owner, known));
    }
    Optional<RegionWatch.Trouble> trouble =
        known.trouble().filter(each -> each.since().plus(PATIENCE).isBefore(now));
    if (trouble.isPresent()) {
      return Sight.of(
          new AttemptObservation.Unreachable(
              "Vertex AI in %s has not answered since %s: %s"
                  .formatted(region.region(), trouble.get().since(), trouble.get().failure().message()),
              NONE));
    }
    if (known.jobs().isEmpty()) {
      // The first list is under way, and tells when it is there.
      return Sight.of(new AttemptObservation.Leaving(NONE));
    }
    Optional<PolledJob> listed = known.jobs().get().of(owner.uid(), owner.attempt());
    return listed
        .filter(each -> each.live() || knownAs(attempt, each))
        .or(() -> named(region, attempt))
        .or(() -> listed)
        .map(found -> found(plan, attempt, owner, found))
        .orElseGet(() -> Sight.of(unseen(attempt, known.jobs().get())));
  }

  /** Waits for its next turn, or for the region to answer; ended meanwhile, it is over. */
  private AttemptObservation notCreated(
      VertexRegion region, Attempt attempt, JobOwner owner, RegionWatch.Known known) {
    if (attempt.state() == AttemptState.STOPPING) {
      return new AttemptObservation.Missing();
    }
    Optional<VertexFailure> silence =
        known
            .trouble()
            .map(RegionWatch.Trouble::failure)
            .filter(VertexFailure.ServiceFault.class::isInstance);
    if (silence.isPresent()) {
      return notReached(region, silence.get());
    }
    if (postponed.due(owner) || !postponed.holds(owner) && known.jobs().isPresent()) {
      return new AttemptObservation.Missing();
    }
    return new AttemptObservation.Waiting(
        AttemptReason.NOT_REACHED.equals(attempt.reason()) ? Cause.CAPACITY : Cause.STARTING,
        attempt.reason(),
        attempt.message(),
        NONE);
  }

  /** Another of the attempt's jobs that is over says nothing of the one that is known by name. */
  private static boolean knownAs(Attempt attempt, PolledJob job) {
    return attempt.externalName() == null
        || JobNames.id(attempt.externalName()).equals(JobNames.id(job.name()));
  }

  /** A list may lag behind a job that is known by its name. */
  private Optional<PolledJob> named(VertexRegion region, Attempt attempt) {
    return Optional.ofNullable(attempt.externalName())
        .flatMap(name -> api.get(region, name))
        .flatMap(job -> PolledJob.of(installation, job));
  }

  /** What a list asked for now shows of an attempt, the oldest first. */
  private List<PolledJob> listedNow(FashionTrainingJob job, Attempt attempt) {
    JobOwner owner = CustomJobs.owner(job, attempt.number());
    return PolledJobs.of(
            installation,
            api.list(region(attempt), JobLabels.filter(installation, owner)),
            clock.instant())
        .jobs();
  }

  private Sight found(PlacementPlan plan, Attempt attempt, JobOwner owner, PolledJob found) {
    if (found.live()) {
      reports.follow(owner, attempt.outputUri());
      AttemptKey key = new AttemptKey(owner.uid(), owner.attempt());
      ledger.accepted(key);
      // Another process may have made it.
      plan.named(attempt.placement())
          .map(Placement::vertex)
          .map(each -> new LiveAttempt(key, scope(each), demand(each)))
          .ifPresent(ledger::holds);
      return seen(found, Optional.empty());
    }
    return seen(found, reports.last(attempt.outputUri()));
  }

  private Sight seen(PolledJob job, Optional<TrainingReport> report) {
    return new Sight(observer.observe(job, report, clock.instant()), Optional.of(job.name()));
  }

  /** Missing only when a list that must show it does not. */
  private static AttemptObservation unseen(Attempt attempt, PolledJobs list) {
    boolean settled = list.takenAt().isAfter(attempt.begunLast().plus(SETTLED));
    if (attempt.externalName() != null || settled) {
      return new AttemptObservation.Missing();
    }
    return attempt.state() == AttemptState.STOPPING
        ? new AttemptObservation.Leaving(NONE)
        : new AttemptObservation.Waiting(
            Cause.STARTING, attempt.reason(), attempt.message(), NONE);
  }

  @Override
  public void stop(FashionTrainingJob job, Attempt attempt) {
    VertexRegion region = region(attempt);
    if (surelyNotCreated(attempt, CustomJobs.owner(job, attempt.number()))) {
      return;
    }
    if (attempt.externalName() != null) {
      api.cancel(region, attempt.externalName());
    } else {
      listedNow(job, attempt).stream()
          .filter(PolledJob::live)
          .forEach(each -> api.cancel(region, each.name()));
    }
  }

  /** A custom job that is over has no machines. */
  @Override
  public void deletePods(FashionTrainingJob job, Attempt attempt) {}

  @Override
  public void delete(FashionTrainingJob job, Attempt attempt) {
    Optional.ofNullable(attempt.externalName())
        .ifPresent(name -> api.delete(region(attempt), name));
  }

  private static AttemptKey key(FashionTrainingJob job, int attempt) {
    return new AttemptKey(job.getMetadata().getUid(), attempt);
  }

  /** One machine, counted by the names that the project's quotas have. */
  private QuotaDemand demand(VertexPlacement placement) {
    return QuotaDemand.of(placement, 1).discovered(quotaMetrics.apply(placement.project()));
  }

  private static QuotaScope scope(VertexPlacement placement) {
    return new QuotaScope(placement.project(), placement.region());
  }

  private static VertexRegion region(Attempt attempt) {
    return VertexRegion.of(attempt.location());
  }
}
