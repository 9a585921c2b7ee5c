package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.operator.backend.AttemptReason;
import java.util.List;

/** What an attempt may continue: earlier ones may have left a checkpoint, and not each has. */
final class Continuation {
  /** A command line has to end somewhere; whoever failed so often had the time to save. */
  private static final int MOST = 10;

  private Continuation() {}

  /** Folders of the attempts before, where this one can read them, the newest first. */
  static List<String> of(FashionTrainingJobStatus status, Attempt attempt) {
    Integer reported = status.training() == null ? null : status.training().attempt();
    return status.attempts().reversed().stream()
        .filter(each -> each.number() < attempt.number())
        .filter(each -> mayHaveRun(each) || each.number().equals(reported))
        .map(Attempt::outputUri)
        .filter(uri -> attempt.location() == null || uri.startsWith("gs://"))
        .limit(MOST)
        .toList();
  }

  /**
   * One that lacked capacity never began, unless its machine was taken away, or it had been in the
   * cluster, where a pod that lost its node waits for another.
   */
  private static boolean mayHaveRun(Attempt attempt) {
    return attempt.state() == AttemptState.SUSPENDED
        || attempt.state() == AttemptState.FAILED
        || AttemptReason.PREEMPTED.equals(attempt.reason())
        || attempt.backend() == Backend.CLUSTER
            && AttemptReason.QUEUE_DEADLINE_EXCEEDED.equals(attempt.reason());
  }
}
