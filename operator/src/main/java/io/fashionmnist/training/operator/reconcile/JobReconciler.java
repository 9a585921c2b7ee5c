package io.fashionmnist.training.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.backend.Backend;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Start;
import io.fashionmnist.training.operator.backend.cluster.ClusterBackend;
import io.fashionmnist.training.operator.cache.JobStore;
import io.fashionmnist.training.operator.cache.OwnWrites;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.event.EventRecorder;
import io.fashionmnist.training.operator.event.Reason;
import io.fashionmnist.training.operator.log.JobKeys;
import io.fashionmnist.training.operator.metric.JobCensus;
import io.fashionmnist.training.operator.metric.Passes;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.registry.Question;
import io.fashionmnist.training.operator.registry.Registrar;
import io.fashionmnist.training.operator.registry.Registration;
import io.fashionmnist.training.operator.registry.RegistryPlan;
import io.fashionmnist.training.operator.registry.RegistrySight;
import io.fashionmnist.training.operator.registry.Step;
import io.fashionmnist.training.operator.status.StatusChange;
import io.fashionmnist.training.operator.status.StatusWriter;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Brings a job forward by one step: observe, decide, act, report.
 *
 * <p>Caches may be stale and the process may end between any two lines: what an attempt is called
 * depends on the job and its number alone, the intent is written before the effect, and a write on
 * a stale view is refused.
 */
@ControllerConfiguration(
    name = "fashiontrainingjob",
    // With versions compared, the SDK at times drops others' events, deletions included.
    informer = @Informer(comparableResourceVersions = false, itemStore = JobStore.class),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 500, maxInterval = 30_000)
@Singleton
public final class JobReconciler implements Reconciler<FashionTrainingJob> {
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final Duration SOON = Duration.ofMillis(100);

  /** Passes at once: more would only queue at the API server. */
  private static final int PASSES = 64;

  /** A view that lags does so because there is much to do: asking at once again adds to it. */
  private static final Duration AFTER_CONFLICT = Duration.ofSeconds(1);

  private final OperatorSettings settings;
  private final InstantSource clock;
  private final Backends backends;
  private final Registrar registrar;
  private final JobCensus census;
  private final Passes metrics;
  private final StatusChange.Listener listener;
  private final EventRecorder events;
  private final StatusWriter writer;
  private final KubernetesClient client;
  private final Finalizers finalizers;
  private final OwnWrites ownWrites = new OwnWrites();
  private final Semaphore passes = new Semaphore(PASSES);
  private final Decider decider;
  private final StatusFactory statuses;

  public JobReconciler(
      OperatorSettings settings,
      InstantSource clock,
      KubernetesClient client,
      EventRecorder events,
      Backends backends,
      Registrar registrar,
      JobCensus census,
      Passes metrics,
      StatusChange.Listener listener) {
    this.settings = settings;
    this.clock = clock;
    this.client = client;
    this.events = events;
    this.backends = backends;
    this.census = census;
    this.registrar = registrar;
    this.metrics = metrics;
    decider = new Decider(settings.vertex().deletesRecords());
    this.listener = listener;
    writer = new StatusWriter(client);
    finalizers = new Finalizers(client);
    statuses =
        new StatusFactory(
            (job, placement, attempt) -> backends.of(placement).name(job, placement, attempt));
  }

  @Override
  public List<EventSource<?, FashionTrainingJob>> prepareEventSources(
      EventSourceContext<FashionTrainingJob> context) {
    census.countIn(() -> context.getPrimaryCache().list(_ -> true));
    List<EventSource<?, FashionTrainingJob>> all = new ArrayList<>();
    backends.all().forEach(backend -> all.addAll(backend.eventSources(context)));
    all.add(registrar.news());
    return all;
  }

  @Override
  public UpdateControl<FashionTrainingJob> reconcile(
      FashionTrainingJob job, Context<FashionTrainingJob> context) {
    if (context.isPrimaryResourceDeleted()) {
      registrar.forget(job);
      return UpdateControl.noUpdate();
    }
    passes.acquireUninterruptibly();
    try {
      return pass(ownWrites.newest(job), context, clock.instant());
    } finally {
      passes.release();
    }
  }

  private UpdateControl<FashionTrainingJob> pass(
      FashionTrainingJob job, Context<FashionTrainingJob> context, Instant now) {
    // They stay: the SDK logs a failure on this thread, which ends with the pass.
    JobKeys.of(job);
    Passes.Pass pass = metrics.begin();
    String decided = "None";
    String result = "Error";
    try {
      Observation observation = observe(job, context, now);
      Decision decision = decider.decide(observation, now);
      decided = decision.getClass().getSimpleName();
      Optional<Duration> lookAgain = carryOut(observation, decision, now);
      result = "Done";
      return again(lookAgain);
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT) {
        result = "Conflict";
        // Someone wrote in between: look again, and decide on what is there then.
        return again(Optional.of(AFTER_CONFLICT));
      }
      if (e.getCode() == NOT_FOUND || terminatingNamespace(e)) {
        result = "Gone";
        return UpdateControl.noUpdate();
      }
      throw e;
    } finally {
      pass.end(decided, result);
    }
  }

  private static UpdateControl<FashionTrainingJob> again(Optional<Duration> after) {
    UpdateControl<FashionTrainingJob> control = UpdateControl.noUpdate();
    return after.isPresent() ? control.rescheduleAfter(after.get()) : control;
  }

  private static boolean terminatingNamespace(KubernetesClientException e) {
    return e.getCode() == 403 && String.valueOf(e.getMessage()).contains("being terminated");
  }

  private Observation observe(
      FashionTrainingJob job, Context<FashionTrainingJob> context, Instant now) {
    PlacementPlan plan = PlacementPlan.of(job, settings);
    FashionTrainingJobStatus status = job.currentStatus();
    Sight sight =
        status.attempts().isEmpty() || status.attempts().getLast().state() == AttemptState.SKIPPED
            ? Sight.of(new AttemptObservation.Missing())
            : backends
                .of(status.attempts().getLast())
                .observe(job, plan, status.attempts().getLast(), context, now);
    Optional<RegistrySight> registry =
        job.awaitsRegistration()
            ? Optional.of(new RegistrySight(RegistryPlan.of(job, settings), registrar.look(job)))
            : Optional.empty();
    return new Observation(job, plan, sight, admissions(job, plan), registry);
  }

  /** Asked only where the next decision may be where to go. */
  private Map<String, Admission> admissions(FashionTrainingJob job, PlacementPlan plan) {
    FashionTrainingJobStatus status = job.currentStatus();
    boolean over = status.phase() != null && status.phase().finished();
    if (status.activeAttempt() != null || over || job.getSpec().runPolicy().suspend()) {
      return Map.of();
    }
    Map<String, Admission> all = new HashMap<>();
    plan.eligible()
        .forEach(
            placement ->
                all.put(placement.name(), backends.of(placement).admission(plan, placement)));
    return all;
  }

  /** Acts and reports, in the order that the decision needs; returns when to look again. */
  private Optional<Duration> carryOut(Observation observation, Decision decision, Instant now) {
    FashionTrainingJob job = observation.job();
    return switch (decision) {
      case Decision.Ignore(var lookAgain) -> lookAgain;
      case Decision.Begin begin -> begin(observation, begin, now);
      case Decision.Submit(Placement placement) -> resubmit(observation, placement, now);
      case Decision.PassOver _ -> {
        report(observation, decision, now);
        yield Optional.of(SOON);
      }
      case Decision.Note(_, _, _, var lookAgain) -> {
        report(observation, decision, now);
        boolean starting =
            observation.attempt()
                    instanceof AttemptObservation.Waiting(var cause, _, _, _, var replicas)
                && cause == AttemptObservation.Cause.STARTING
                && replicas.active() == 0;
        // Why no pod comes is told by an Event, which nothing here watches.
        yield starting ? Optional.of(ClusterBackend.PODLESS.plusSeconds(1)) : lookAgain;
      }
      case Decision.Stop _ -> {
        Attempt attempt = observation.active().orElseThrow();
        report(observation, decision, now);
        backends.of(attempt).stop(job, attempt);
        yield Optional.of(Duration.ofSeconds(10));
      }
      case Decision.End _ -> {
        report(observation, decision, now);
        ended(observation);
        yield Optional.of(SOON);
      }
      case Decision.Pause(Instant until, _) -> {
        report(observation, decision, now);
        yield Optional.of(Duration.between(now, until));
      }
      case Decision.Suspend _ -> {
        report(observation, decision, now);
        yield Optional.empty();
      }
      case Decision.Finish(Phase phase, _, _) -> {
        Observation last = withFinalReport(observation);
        boolean registers = phase == Phase.SUCCEEDED && job.getSpec().registry() != null;
        report(registers ? held(last) : last, decision, now);
        ended(observation);
        yield Optional.of(SOON);
      }
      case Decision.Register register -> register(observation, register, now);
      case Decision.CleanUp(Decision.Leftover leftover, var lookAgain) -> {
        Attempt last = observation.last().orElseThrow();
        switch (leftover) {
          case PODS -> backends.of(last).deletePods(job, last);
          case JOB -> backends.of(last).delete(job, last);
          case CUSTOM_JOBS -> {
            deleteRecords(job);
            report(observation, decision, now);
          }
        }
        yield lookAgain;
      }
      case Decision.LetGo(Optional<String> abandoned) -> {
        abandoned.ifPresent(
            what -> events.record(job, Reason.ABANDONED, job.currentStatus().attemptCount(), what));
        ended(observation);
        registrar.forget(job);
        farewell(job, now);
        finalizers.remove(job);
        // What is not being deleted is cleaned up next; that a finalizer went is no event.
        yield Optional.of(AFTER_CONFLICT)
            .filter(_ -> job.getMetadata().getDeletionTimestamp() == null);
      }
    };
  }

  /** What is to go with a resource goes before it; what can't holds it back for a while only. */
  private void farewell(FashionTrainingJob job, Instant now) {
    String deleted = job.getMetadata().getDeletionTimestamp();
    if (deleted == null || !settings.vertex().deletesRecords()) {
      return;
    }
    try {
      deleteRecords(job);
    } catch (RuntimeException e) {
      if (Instant.parse(deleted).plus(Decider.LONGEST_FAREWELL).isAfter(now)) {
        throw e;
      }
      events.record(
          job,
          Reason.ABANDONED,
          job.currentStatus().attemptCount(),
          "its custom jobs could not be deleted: " + e.getMessage());
    }
  }

  private void deleteRecords(FashionTrainingJob job) {
    job.currentStatus().attempts().stream()
        .filter(Attempt::onRecord)
        .forEach(attempt -> backends.of(attempt).delete(job, attempt));
  }

  private void ended(Observation observation) {
    observation
        .active()
        .ifPresent(
            attempt ->
                backends.of(attempt).ended(observation.job(), attempt, observation.attempt()));
  }

  /** The intent is written before the attempt is made. */
  private Optional<Duration> begin(Observation observation, Decision.Begin begin, Instant now) {
    FashionTrainingJob job = observation.job();
    boolean lastIsThere =
        observation
            .last()
            .filter(last -> last.state() != AttemptState.SKIPPED)
            .filter(last -> backends.of(last).exists(job, last))
            .isPresent();
    if (lastIsThere) {
      return Optional.of(Duration.ofSeconds(1));
    }
    Backend backend = backends.of(begin.placement());
    int number = job.currentStatus().attemptCount() + begin.skipped().size() + 1;
    if (!backend.reserve(job, begin.placement(), number)) {
      return Optional.of(Duration.ofSeconds(1));
    }
    FashionTrainingJob written;
    try {
      boolean outside = begin.placement().vertex() != null;
      written = report(outside ? held(observation) : observation, begin, now);
    } catch (RuntimeException e) {
      backend.release(job, number);
      throw e;
    }
    return submit(observation.with(written), begin.placement(), now);
  }

  /** What is done outside the cluster does not end with the resource by itself. */
  private Observation held(Observation observation) {
    return observation.heldBack()
        ? observation
        : observation.with(finalizers.add(observation.job()));
  }

  /** That the model is uploaded is written before it is; answers come beside the passes. */
  private Optional<Duration> register(
      Observation observation, Decision.Register register, Instant now) {
    RegistryPlan plan = observation.registry().orElseThrow().plan();
    return switch (register.step()) {
      case Step.Wait(var lookAgain) -> Optional.of(lookAgain);
      case Step.Ask(var question) -> {
        registrar.ask(observation.job(), plan, question);
        yield Optional.of(Registration.ANSWER);
      }
      case Step.Upload(boolean modelExists, _) -> {
        FashionTrainingJob written = report(observation, register, now);
        registrar.ask(written, plan, new Question.Upload(modelExists, now));
        yield Optional.of(Registration.ANSWER);
      }
      case Step.Tell(Step.Answer answer, _, _, _) -> {
        report(answer == Step.Answer.NOT_YET ? held(observation) : observation, register, now);
        if (answer != Step.Answer.NOT_YET) {
          registrar.forget(observation.job());
        }
        yield Optional.of(SOON);
      }
    };
  }

  private Optional<Duration> submit(Observation observation, Placement placement, Instant now) {
    FashionTrainingJob job = observation.job();
    FashionTrainingJobStatus status = job.currentStatus();
    Attempt attempt = status.attempts().getLast();
    Optional<Sight> answer =
        backends
            .of(attempt)
            .submit(
                new Start(
                    job,
                    observation.plan(),
                    attempt,
                    placement,
                    Math.max(0, job.getSpec().runPolicy().backoffLimit() - status.failureCount()),
                    Decider.deadline(observation, now),
                    resumeFrom(status, attempt)));
    return answer
        .map(observation::with)
        .map(seen -> carryOut(seen, decider.decide(seen, now), now))
        // What runs tells of itself; this is for the one whose event is lost.
        .orElse(Optional.of(Decider.SETTLE));
  }

  /** The newest earlier attempt that may have left a checkpoint, where this one can read it. */
  private static Optional<String> resumeFrom(FashionTrainingJobStatus status, Attempt attempt) {
    Integer reported = status.training() == null ? null : status.training().attempt();
    return status.attempts().reversed().stream()
        .filter(each -> each.number() < attempt.number())
        .filter(each -> ran(each) || each.number().equals(reported))
        .map(Attempt::outputUri)
        .filter(uri -> attempt.location() == null || uri.startsWith("gs://"))
        .findFirst();
  }

  /** One that lacked capacity never began, unless its machine was taken away. */
  private static boolean ran(Attempt attempt) {
    return attempt.state() == AttemptState.SUSPENDED
        || attempt.state() == AttemptState.FAILED
        || AttemptReason.PREEMPTED.equals(attempt.reason());
  }

  private Optional<Duration> resubmit(Observation observation, Placement placement, Instant now) {
    Attempt attempt = observation.active().orElseThrow();
    if (backends.of(attempt).exists(observation.job(), attempt)) {
      return Optional.of(Decider.SETTLE);
    }
    FashionTrainingJob live = client.resource(observation.job()).get();
    boolean stillWanted =
        live != null
            && live.getMetadata().getUid().equals(observation.job().getMetadata().getUid())
            && live.getMetadata().getDeletionTimestamp() == null
            && attempt.number().equals(live.currentStatus().activeAttempt())
            && live.currentStatus().attempts().getLast().state() == AttemptState.QUEUED
            // On a stale view, what was begun again since would be begun once more.
            && live.currentStatus().attempts().getLast().begunLast().equals(attempt.begunLast());
    if (!stillWanted) {
      return Optional.of(Decider.SETTLE);
    }
    // That it is begun again is written first: what this create makes may long be invisible.
    Observation current = observation.with(live);
    return submit(
        current.with(report(current, new Decision.Submit(placement), clock.instant())),
        placement,
        now);
  }

  /** The trainer's last word, should none of its posts have come. */
  private Observation withFinalReport(Observation observation) {
    Optional<TrainingReport> last = observation.attempt().lastReport();
    TrainingReport known = observation.status().training();
    if (last.isEmpty()
        || (known != null && known.test() != null)
        || observation.active().isEmpty()) {
      return observation;
    }
    writer.writeTraining(observation.job(), last.get());
    return observation.with(client.resource(observation.job()).get());
  }

  /** Writes the status if it differs, and tells what happened in an Event. */
  private FashionTrainingJob report(Observation observation, Decision decision, Instant now) {
    FashionTrainingJobStatus before = observation.status();
    FashionTrainingJobStatus after = statuses.status(observation, decision, now);
    if (after.equals(before)) {
      return observation.job();
    }
    FashionTrainingJob written = writer.write(observation.job(), after);
    ownWrites.add(written);
    listener.changed(new StatusChange(written, observation.plan(), before, after, now));
    told(decision, before)
        .ifPresent(
            reason ->
                events.record(written, reason, after.attemptCount(), message(decision, after)));
    return written;
  }

  private static String message(Decision decision, FashionTrainingJobStatus status) {
    String condition =
        decision instanceof Decision.Register ? FashionTrainingJob.MODEL_REGISTERED : "Running";
    return status.condition(condition).map(Condition::message).orElse("");
  }

  private static Optional<Reason> told(Decision decision, FashionTrainingJobStatus before) {
    return switch (decision) {
      case Decision.Begin _ -> Optional.of(Reason.ATTEMPT_STARTED);
      case Decision.Note(AttemptState state, String reason, _, _) ->
          switch (state) {
            case RUNNING ->
                before.phase() == Phase.RUNNING ? Optional.empty() : Optional.of(Reason.TRAINING);
            case RESTARTING -> Optional.of(Reason.RESTARTING);
            case QUEUED ->
                "Starting".equals(reason) ? Optional.empty() : Optional.of(Reason.WAITING);
            case STOPPING, SUCCEEDED, FAILED, SUSPENDED, OUT_OF_CAPACITY, SKIPPED ->
                Optional.empty();
          };
      case Decision.Stop(StopReason reason, _) ->
          reason == StopReason.QUEUE_DEADLINE ? Optional.of(Reason.FALLING_BACK) : Optional.empty();
      case Decision.End(AttemptState state, _, _, _) ->
          switch (state) {
            case SUSPENDED -> Optional.of(Reason.SUSPENDED);
            case FAILED -> Optional.of(Reason.RESTARTING);
            // One that was stopped for it has been told then.
            case OUT_OF_CAPACITY ->
                before.attempts().getLast().state() == AttemptState.STOPPING
                    ? Optional.empty()
                    : Optional.of(Reason.FALLING_BACK);
            case QUEUED, RUNNING, RESTARTING, STOPPING, SUCCEEDED, SKIPPED -> Optional.empty();
          };
      case Decision.PassOver _ -> Optional.of(Reason.WAITING);
      case Decision.Register(Step step) ->
          switch (step) {
            case Step.Tell(Step.Answer answer, _, _, _) ->
                switch (answer) {
                  case YES -> Optional.of(Reason.MODEL_REGISTERED);
                  case NO -> Optional.of(Reason.MODEL_NOT_REGISTERED);
                  case NOT_YET -> Optional.empty();
                };
            case Step.Wait _, Step.Ask _, Step.Upload _ -> Optional.empty();
          };
      case Decision.Finish(Phase phase, _, _) ->
          Optional.of(phase == Phase.SUCCEEDED ? Reason.SUCCEEDED : Reason.FAILED);
      case Decision.Ignore _,
          Decision.Submit _,
          Decision.Pause _,
          Decision.Suspend _,
          Decision.CleanUp _,
          Decision.LetGo _ ->
          Optional.empty();
    };
  }
}
