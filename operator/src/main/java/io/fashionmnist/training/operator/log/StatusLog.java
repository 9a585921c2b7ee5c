package io.fashionmnist.training.operator.log;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.operator.status.StatusChange;
import java.util.Optional;
import org.jboss.logging.Logger;

/** A line for each thing that happens to a job: placements passed over, attempts, and the job. */
public final class StatusLog implements StatusChange.Listener {
  private static final Logger LOG = Logger.getLogger(StatusLog.class);

  @Override
  public void changed(StatusChange change) {
    FashionTrainingJobStatus before = change.before();
    FashionTrainingJobStatus after = change.after();
    after.attempts().stream()
        .filter(attempt -> attempt.number() > before.attemptCount())
        .filter(attempt -> attempt.state() == AttemptState.SKIPPED)
        .forEach(
            attempt -> {
              JobKeys.of(attempt);
              LOG.infof("Passed over: %s: %s", attempt.reason(), attempt.message());
            });
    JobKeys.of(change.job());
    if (change.endsAttempt()) {
      Attempt attempt = after.attempts().getLast();
      LOG.infof(
          "Attempt %d on %s is over: %s: %s: %s",
          attempt.number(),
          attempt.placement(),
          attempt.state(),
          attempt.reason(),
          attempt.message());
    }
    Optional<Condition> model = after.condition(FashionTrainingJob.MODEL_REGISTERED);
    model
        .filter(each -> !model.equals(before.condition(FashionTrainingJob.MODEL_REGISTERED)))
        .ifPresent(each -> LOG.infof("Model: %s: %s", each.reason(), each.message()));
    Optional<Condition> running = after.condition(Condition.RUNNING);
    boolean news =
        before.phase() != after.phase()
            || !before.attemptCount().equals(after.attemptCount())
            || !running
                .map(Condition::reason)
                .equals(before.condition(Condition.RUNNING).map(Condition::reason));
    if (news) {
      LOG.logf(
          after.phase() == Phase.FAILED ? Logger.Level.WARN : Logger.Level.INFO,
          "%s: %s: %s",
          after.phase().text(),
          running.map(Condition::reason).orElse(""),
          running.map(Condition::message).orElse(""));
    }
  }
}
