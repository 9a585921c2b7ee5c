package io.fashionmnist.training.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.backend.Backend;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Start;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Starts attempts: the intent is written, the attempt is made, and then it is told. */
final class Starter {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Backends backends;
  private final Finalizers finalizers;
  private final Reporter reporter;

  Starter(
      KubernetesClient client,
      InstantSource clock,
      Backends backends,
      Finalizers finalizers,
      Reporter reporter) {
    this.client = client;
    this.clock = clock;
    this.backends = backends;
    this.finalizers = finalizers;
    this.reporter = reporter;
  }

  /**
   * How a start went.
   *
   * @param answered what the backend said of the attempt at once, to be decided on
   * @param lookAgain when there is no answer
   */
  record Outcome(Optional<Observation> answered, Duration lookAgain) {
    private static Outcome in(Duration lookAgain) {
      return new Outcome(Optional.empty(), lookAgain);
    }
  }

  Outcome begin(Observation observation, Decision.Begin begin) {
    FashionTrainingJob job = observation.job();
    boolean lastIsThere =
        observation.lastMade().filter(last -> backends.of(last).exists(job, last)).isPresent();
    if (lastIsThere) {
      return Outcome.in(AGAIN);
    }
    Backend backend = backends.of(begin.placement());
    int number = job.currentStatus().attemptCount() + begin.skipped().size() + 1;
    if (!backend.reserve(job, begin.placement(), number)) {
      return Outcome.in(AGAIN);
    }
    Reporter.Written written;
    try {
      boolean outside = begin.placement().vertex() != null;
      written =
          reporter.write(
              // Its time runs from here, not from when the pass began to look.
              outside ? finalizers.heldBack(observation) : observation, begin, clock.instant());
    } catch (RuntimeException e) {
      backend.release(job, number);
      throw e;
    }
    return submit(observation, written, begin.placement());
  }

  /** Carries out an intent of which nothing can be seen, if it is still wanted. */
  Outcome beginAgain(Observation observation, Placement placement) {
    Attempt attempt = observation.active().orElseThrow();
    if (backends.of(attempt).exists(observation.job(), attempt)) {
      return Outcome.in(LiveAttempt.SETTLE);
    }
    Optional<FashionTrainingJob> live =
        Optional.ofNullable(client.resource(observation.job()).get())
            .filter(each -> stillWanted(each, observation.job(), attempt));
    if (live.isEmpty()) {
      return Outcome.in(LiveAttempt.SETTLE);
    }
    // That it is begun again is written first: what this create makes may long be invisible.
    Observation current = observation.with(live.get());
    return submit(
        current,
        reporter.write(current, new Decision.Submit(placement), clock.instant()),
        placement);
  }

  private static boolean stillWanted(
      FashionTrainingJob live, FashionTrainingJob seen, Attempt attempt) {
    return live.getMetadata().getUid().equals(seen.getMetadata().getUid())
        && live.getMetadata().getDeletionTimestamp() == null
        && attempt.number().equals(live.currentStatus().activeAttempt())
        && live.currentStatus().attempts().getLast().state() == AttemptState.QUEUED
        // On a stale view, what was begun again since would be begun once more.
        && live.currentStatus().attempts().getLast().begunLast().equals(attempt.begunLast());
  }

  private Outcome submit(Observation before, Reporter.Written written, Placement placement) {
    Observation observation = before.with(written.job());
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
                    Deadline.left(observation, clock.instant()),
                    Continuation.of(status, attempt),
                    attempt.begunLast().plus(LiveAttempt.CREATE_TIME)));
    reporter.tell(written);
    // What runs tells of itself; a later look is for the one whose event is lost.
    return new Outcome(answer.map(observation::with), LiveAttempt.SETTLE);
  }
}
