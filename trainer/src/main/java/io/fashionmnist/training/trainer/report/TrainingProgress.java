package io.fashionmnist.training.trainer.report;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.training.TrainingReport.EpochSummary;
import io.fashionmnist.training.trainer.evaluation.ClassificationReport;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingEvent.TrainingPlan;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How far a training run is: every event gives the next progress, and any progress can be told as a
 * report. Immutable.
 */
public final class TrainingProgress {
  private final OptionalInt attempt;
  private final Optional<TrainingPlan> plan;
  private final int epoch;
  private final long steps;
  private final boolean ended;
  private final Pace pace;
  private final List<EpochMetrics> history;
  private final Optional<EpochMetrics> best;
  private final Optional<ClassificationReport> classification;

  private TrainingProgress(
      OptionalInt attempt,
      Optional<TrainingPlan> plan,
      int epoch,
      long steps,
      boolean ended,
      Pace pace,
      List<EpochMetrics> history,
      Optional<EpochMetrics> best,
      Optional<ClassificationReport> classification) {
    this.attempt = attempt;
    this.plan = plan;
    this.epoch = epoch;
    this.steps = steps;
    this.ended = ended;
    this.pace = pace;
    this.history = history;
    this.best = best;
    this.classification = classification;
  }

  /**
   * Before the first event.
   *
   * @param attempt the operator's number of this run, if the operator runs it
   */
  public static TrainingProgress before(OptionalInt attempt) {
    return new TrainingProgress(
        attempt,
        Optional.empty(),
        0,
        0,
        false,
        Pace.unknown(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * After one more event.
   *
   * @param now when it happened
   */
  public TrainingProgress after(TrainingEvent event, Instant now) {
    return switch (event) {
      case TrainingEvent.Resumed resumed ->
          reached(epoch, resumed.globalStep(), pace).with(resumed.history(), best);
      case TrainingEvent.Started(TrainingPlan started, var soFar) ->
          new TrainingProgress(
              attempt,
              Optional.of(started),
              started.firstEpoch() - 1,
              Math.max(steps, (started.firstEpoch() - 1L) * started.stepsPerEpoch()),
              false,
              pace.startedAt(now),
              history,
              soFar.map(EpochSummary::best),
              classification);
      case TrainingEvent.StepFinished step ->
          reached(epoch, step.globalStep(), pace.afterSteps(step.globalStep() - steps, now));
      case TrainingEvent.EpochFinished finished ->
          reached(finished.metrics().epoch(), steps, pace.afterValidation(now))
              .with(
                  Stream.concat(history.stream(), Stream.of(finished.metrics())).toList(),
                  Optional.of(finished.best()));
      case TrainingEvent.StoppedEarly _, TrainingEvent.Finished _ -> atTheEnd();
      case TrainingEvent.Tested tested -> with(tested);
      case TrainingEvent.CheckpointSaved _,
          TrainingEvent.Warning _,
          TrainingEvent.Interrupted _,
          TrainingEvent.Failed _ ->
          this;
    };
  }

  /** Whether training has begun; before, there is nothing to tell. */
  public boolean started() {
    return plan.isPresent();
  }

  /** The epochs, once there are any. */
  public Optional<EpochSummary> metrics() {
    return history.isEmpty() ? Optional.empty() : best.map(each -> EpochSummary.of(history, each));
  }

  /** Seconds until training ends, if it goes on to the last epoch at its pace so far. */
  public Optional<Double> remainingSeconds() {
    if (ended) {
      return Optional.of(0.0);
    }
    return plan.flatMap(
        p -> pace.secondsFor(Math.max(0, plannedSteps(p) - steps), p.config().epochs() - epoch));
  }

  /**
   * Tells everything, every class and the whole matrix.
   *
   * @param now the time to put on it
   */
  public TrainingReport report(Instant now) {
    return new TrainingReport(
        attempt.isPresent() ? attempt.getAsInt() : null,
        plan.isPresent() ? epoch : null,
        plan.map(p -> p.config().epochs()).orElse(null),
        plan.map(this::percentage).orElse(null),
        remainingSeconds().map(Math::round).orElse(null),
        metrics().orElse(null),
        classification.map(ClassificationReport::test).orElse(null),
        classification.map(ClassificationReport::perClass).orElse(null),
        classification.map(c -> c.confusion().rows()).orElse(null),
        now.truncatedTo(ChronoUnit.MILLIS).toString());
  }

  private int percentage(TrainingPlan p) {
    return ended ? 100 : (int) Math.min(100, steps * 100 / plannedSteps(p));
  }

  private static long plannedSteps(TrainingPlan p) {
    return (long) p.config().epochs() * p.stepsPerEpoch();
  }

  private TrainingProgress reached(int epoch, long steps, Pace pace) {
    return new TrainingProgress(
        attempt, plan, epoch, steps, ended, pace, history, best, classification);
  }

  private TrainingProgress with(List<EpochMetrics> epochs, Optional<EpochMetrics> bestOfThem) {
    return new TrainingProgress(
        attempt, plan, epoch, steps, ended, pace, epochs, bestOfThem, classification);
  }

  private TrainingProgress with(TrainingEvent.Tested tested) {
    List<String> names = plan.map(TrainingPlan::classNames).orElseThrow();
    return new TrainingProgress(
        attempt,
        plan,
        epoch,
        steps,
        ended,
        pace,
        history,
        best,
        Optional.of(ClassificationReport.of(tested.evaluation(), names)));
  }

  private TrainingProgress atTheEnd() {
    return new TrainingProgress(
        attempt, plan, epoch, steps, true, pace, history, best, classification);
  }
}
