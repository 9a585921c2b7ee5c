package io.fashionmnist.training.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.cache.JobStore;
import io.fashionmnist.training.operator.cache.OwnWrites;
import io.fashionmnist.training.operator.cache.TrimmedStore;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.event.EventRecorder;
import io.fashionmnist.training.operator.log.JobKeys;
import io.fashionmnist.training.operator.metric.JobCensus;
import io.fashionmnist.training.operator.metric.Passes;
import io.fashionmnist.training.operator.registry.Registrar;
import io.fashionmnist.training.operator.status.StatusChange;
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
import java.util.List;
import java.util.Optional;
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
    informer =
        @Informer(
            comparableResourceVersions = false,
            itemStore = JobStore.class,
            informerListLimit = TrimmedStore.PAGE),
    maxReconciliationInterval =
        @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 500, maxInterval = 30_000)
@Singleton
public final class JobReconciler implements Reconciler<FashionTrainingJob> {
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  /** A view that lags does so because there is much to do: asking at once again adds to it. */
  private static final Duration AFTER_CONFLICT = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final Backends backends;
  private final Registrar registrar;
  private final JobCensus census;
  private final Passes metrics;
  private final OwnWrites ownWrites = new OwnWrites();
  private final Turns turns = new Turns();
  private final Observer observer;
  private final Decider decider;
  private final Actor actor;

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
    this.clock = clock;
    this.backends = new Backends(backends.cluster(), new Elsewhere(backends.vertex(), turns));
    this.census = census;
    this.registrar = registrar;
    this.metrics = metrics;
    boolean deletesRecords = settings.vertex().deletesRecords();
    StatusFactory statuses =
        new StatusFactory(
            (job, placement, attempt) -> backends.of(placement).name(job, placement, attempt));
    Finalizers finalizers = new Finalizers(client);
    Reporter reporter = new Reporter(client, statuses, ownWrites, listener, events);
    observer = new Observer(settings, this.backends, registrar);
    decider = new Decider(deletesRecords);
    actor =
        new Actor(
            client,
            clock,
            this.backends,
            registrar,
            decider,
            finalizers,
            new Starter(client, clock, this.backends, finalizers, reporter),
            new Farewell(this.backends, registrar, finalizers, reporter, deletesRecords),
            reporter);
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
    return turns.take(() -> pass(ownWrites.newest(job), context, clock.instant()));
  }

  private UpdateControl<FashionTrainingJob> pass(
      FashionTrainingJob job, Context<FashionTrainingJob> context, Instant now) {
    // They stay: the SDK logs a failure on this thread, which ends with the pass.
    JobKeys.of(job);
    Passes.Pass pass = metrics.begin();
    String decided = "None";
    String result = "Error";
    try {
      Observation observation = observer.observe(job, context, now);
      Decision decision = decider.decide(observation, now);
      decided = decision.getClass().getSimpleName();
      Optional<Duration> lookAgain = actor.carryOut(observation, decision, now);
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
}
