package io.fashionmnist.training.trainer.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long steps and validations took in this process.
 *
 * @param last when the last thing ended, if one has begun
 * @param steps steps timed
 * @param stepSeconds what they took in all
 * @param validations validations timed
 * @param validationSeconds what they took in all
 */
record Pace(
    Optional<Instant> last,
    long steps,
    double stepSeconds,
    int validations,
    double validationSeconds) {

  static Pace unknown() {
    return new Pace(Optional.empty(), 0, 0, 0, 0);
  }

  Pace startedAt(Instant now) {
    return new Pace(Optional.of(now), steps, stepSeconds, validations, validationSeconds);
  }

  Pace afterSteps(long count, Instant now) {
    return new Pace(
        Optional.of(now),
        steps + count,
        stepSeconds + secondsSinceLast(now),
        validations,
        validationSeconds);
  }

  Pace afterValidation(Instant now) {
    return new Pace(
        Optional.of(now),
        steps,
        stepSeconds,
        validations + 1,
        validationSeconds + secondsSinceLast(now));
  }

  /** Seconds for so many steps and validations; a validation counts once one was timed. */
  Optional<Double> secondsFor(long moreSteps, int moreValidations) {
    if (steps == 0) {
      return moreSteps == 0 ? Optional.of(0.0) : Optional.empty();
    }
    double validation = validations == 0 ? 0 : validationSeconds / validations;
    return Optional.of(moreSteps * stepSeconds / steps + moreValidations * validation);
  }

  private double secondsSinceLast(Instant now) {
    return last.map(since -> Duration.between(since, now).toNanos() / 1e9).orElse(0.0);
  }
}
