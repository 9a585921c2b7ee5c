package io.fashionmnist.training.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.backend.Stray;
import io.fashionmnist.training.operator.registry.Question;
import io.fashionmnist.training.operator.registry.Registrar;
import io.fashionmnist.training.operator.registry.Registration;
import io.fashionmnist.training.operator.registry.RegistryPlan;
import io.fashionmnist.training.operator.registry.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Acts: carries out one decision, reporting before or after its effect as the decision needs. */
final class Actor {
  private static final Duration SOON = Duration.ofMillis(100);
  private static final Duration WHEN_VIEWS_HAVE_CAUGHT_UP = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Backends backends;
  private final Registrar registrar;
  private final Decider decider;
  private final Finalizers finalizers;
  private final Starter starter;
  private final Farewell farewell;
  private final Reporter reporter;

  Actor(
      KubernetesClient client,
      InstantSource clock,
      Backends backends,
      Registrar registrar,
      Decider decider,
      Finalizers finalizers,
      Starter starter,
      Farewell farewell,
      Reporter reporter) {
    this.client = client;
    this.clock = clock;
    this.backends = backends;
    this.registrar = registrar;
    this.decider = decider;
    this.finalizers = finalizers;
    this.starter = starter;
    this.farewell = farewell;
    this.reporter = reporter;
  }

  /** Returns when to look again, though nothing may tell to. */
  Optional<Duration> carryOut(Observation observation, Decision decision, Instant now) {
    FashionTrainingJob job = observation.job();
    return switch (decision) {
      case Decision.Ignore(var lookAgain) -> lookAgain;
      case Decision.EndStray(Stray stray) -> {
        endStray(job, stray);
        yield Optional.of(WHEN_VIEWS_HAVE_CAUGHT_UP);
      }
      case Decision.Begin begin -> started(starter.begin(observation, begin));
      case Decision.Submit(var placement) -> started(starter.beginAgain(observation, placement));
      case Decision.PassOver _ -> {
        reporter.report(observation, decision, now);
        yield Optional.of(SOON);
      }
      case Decision.Note(_, _, _, var lookAgain) -> {
        reporter.report(observation, decision, now);
        yield lookAgain;
      }
      case Decision.Stop _ -> {
        Attempt attempt = observation.active().orElseThrow();
        reporter.report(observation, decision, now);
        backends.of(attempt).stop(job, attempt);
        yield Optional.of(Duration.ofSeconds(10));
      }
      case Decision.End _ -> {
        reporter.report(observation, decision, now);
        ended(observation);
        yield Optional.of(SOON);
      }
      case Decision.Pause(Instant until, _) -> {
        reporter.report(observation, decision, now);
        Duration pause = Duration.between(now, until);
        yield Deadline.left(observation, now)
            .filter(left -> left.compareTo(pause) < 0)
            .or(() -> Optional.of(pause));
      }
      case Decision.Suspend _ -> {
        reporter.report(observation, decision, now);
        yield Optional.empty();
      }
      case Decision.Finish(Phase phase, _, _) -> {
        Observation last = reporter.withFinalReport(observation);
        boolean registers = phase == Phase.SUCCEEDED && job.getSpec().registry() != null;
        reporter.report(registers ? finalizers.heldBack(last) : last, decision, now);
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
            farewell.deleteRecords(job);
            reporter.report(reporter.inFull(observation), decision, now);
          }
        }
        yield lookAgain;
      }
      case Decision.LetGo(Optional<String> abandoned) -> {
        ended(observation);
        farewell.bid(job, abandoned, now);
        // What is not being deleted is cleaned up next; that a finalizer went is no event.
        yield Optional.of(WHEN_VIEWS_HAVE_CAUGHT_UP)
            .filter(_ -> job.getMetadata().getDeletionTimestamp() == null);
      }
    };
  }

  /** An answer to the start is from after it, not from when the pass began to look. */
  private Optional<Duration> started(Starter.Outcome outcome) {
    Instant now = clock.instant();
    return outcome
        .answered()
        .map(seen -> carryOut(seen, decider.decide(seen, now), now))
        .orElse(Optional.of(outcome.lookAgain()));
  }

  /** A view may lag behind the attempt that it takes for a stray: the resource itself is asked. */
  private void endStray(FashionTrainingJob job, Stray stray) {
    Optional.ofNullable(client.resource(job).get())
        .filter(live -> live.getMetadata().getUid().equals(job.getMetadata().getUid()))
        .filter(live -> stray.attempt() <= live.currentStatus().attemptCount())
        .ifPresent(live -> backends.cluster().endStray(live, stray));
  }

  private void ended(Observation observation) {
    observation
        .active()
        .ifPresent(
            attempt ->
                backends.of(attempt).ended(observation.job(), attempt, observation.attempt()));
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
      case Step.Report(var report) -> {
        reporter
            .trained(observation.job(), report)
            .ifPresent(why -> registrar.unreported(observation.job(), why));
        yield Optional.of(SOON);
      }
      case Step.Upload(boolean modelExists, _) -> {
        FashionTrainingJob written = reporter.report(observation, register, now);
        registrar.ask(written, plan, new Question.Upload(modelExists, now));
        yield Optional.of(Registration.ANSWER);
      }
      case Step.Tell(Step.Answer answer, _, _, _) -> {
        boolean open = answer == Step.Answer.NOT_YET;
        reporter.report(open ? finalizers.heldBack(observation) : observation, register, now);
        if (!open) {
          registrar.forget(observation.job());
        }
        yield Optional.of(SOON);
      }
    };
  }
}
