package io.fashionmnist.training.operator.backend.vertex;

import com.google.rpc.Status;
import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Consequence;
import io.fashionmnist.training.operator.backend.AttemptObservation.Failures;
import io.fashionmnist.training.operator.backend.AttemptReason;
import io.fashionmnist.training.operator.backend.Sight;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Reads from a custom job what became of an attempt. Pure: it asks nobody.
 *
 * @see <a href="https://cloud.google.com/vertex-ai/docs/reference/rest/v1/JobState">JobState</a>
 */
final class VertexObserver {
  /** Why a job failed is told up to a minute after that it did. */
  private static final Duration EXPLANATION = Duration.ofSeconds(90);

  /** A cancelled job is over within minutes. */
  private static final Duration CANCELLATION = Duration.ofMinutes(10);

  private static final int BAD_INPUT = 2;
  private static final int INTERRUPTED = 143;
  private static final ReplicaStatus ACTIVE = new ReplicaStatus(1, 0, 0);
  private static final ReplicaStatus SUCCEEDED = new ReplicaStatus(0, 1, 0);
  private static final ReplicaStatus FAILED = new ReplicaStatus(0, 0, 1);

  private final VertexErrors errors = new VertexErrors();

  /** An attempt with the name of its custom job. */
  Sight sight(PolledJob job, Optional<TrainingReport> report, Instant now) {
    return new Sight(observe(job, report, now), Optional.of(job.name()));
  }

  /**
   * Reads an attempt.
   *
   * @param report the trainer's last report, if the job is over and one was found
   */
  AttemptObservation observe(PolledJob job, Optional<TrainingReport> report, Instant now) {
    return switch (job.state()) {
      case JOB_STATE_QUEUED ->
          new AttemptObservation.Waiting(
              Cause.CAPACITY,
              "Queued",
              "Vertex AI has queued the custom job",
              Optional.of(job.created()),
              ACTIVE);
      case JOB_STATE_UNSPECIFIED, JOB_STATE_PENDING, UNRECOGNIZED ->
          new AttemptObservation.Waiting(
              Cause.CAPACITY,
              "Provisioning",
              "Vertex AI is preparing the machine",
              Optional.of(job.created()),
              ACTIVE);
      case JOB_STATE_RUNNING, JOB_STATE_UPDATING ->
          new AttemptObservation.Running(Failures.NONE, ACTIVE);
      case JOB_STATE_CANCELLING -> new AttemptObservation.Leaving(stuck(job, now), ACTIVE);
      case JOB_STATE_SUCCEEDED -> new AttemptObservation.Succeeded(report, SUCCEEDED);
      case JOB_STATE_CANCELLED, JOB_STATE_PAUSED ->
          new AttemptObservation.Cancelled(
              job.name() + " was cancelled by someone else; it is not made again",
              ReplicaStatus.NONE);
      case JOB_STATE_EXPIRED ->
          new AttemptObservation.Failed(
              Consequence.ELSEWHERE,
              "Expired",
              "Vertex AI did not start the custom job in time",
              List.of(),
              Failures.NONE,
              report,
              ReplicaStatus.NONE);
      case JOB_STATE_FAILED, JOB_STATE_PARTIALLY_SUCCEEDED -> failed(job, report, now);
    };
  }

  private static Optional<String> stuck(PolledJob job, Instant now) {
    return job.cancelling()
        .filter(since -> since.plus(CANCELLATION).isBefore(now))
        .map(
            since ->
                "Vertex AI has been cancelling %s since %s: look for it in the console"
                    .formatted(job.name(), since.truncatedTo(ChronoUnit.SECONDS)));
  }

  private AttemptObservation failed(PolledJob job, Optional<TrainingReport> report, Instant now) {
    Optional<Status> error = job.error().filter(each -> !each.getMessage().isBlank());
    if (error.isPresent()) {
      return failed(errors.classify(VertexSignal.ofJob(error.get())), report);
    }
    return job.ended().filter(end -> end.plus(EXPLANATION).isBefore(now)).isPresent()
        ? failed(
            new VertexFailure.Unknown(job.name() + " failed, and Vertex AI does not say why"),
            report)
        : new AttemptObservation.Leaving(ReplicaStatus.NONE);
  }

  /** What a failure means for the attempt. */
  AttemptObservation.Failed failed(VertexFailure failure, Optional<TrainingReport> report) {
    return new AttemptObservation.Failed(
        consequence(failure),
        interrupted(failure) ? AttemptReason.INTERRUPTED : failure.reason(),
        failure.remedy().map(what -> failure.message() + " - " + what).orElse(failure.message()),
        failure.quotaMetrics(),
        new Failures(counted(failure) ? 1 : 0, interrupted(failure) ? 1 : 0),
        report,
        FAILED);
  }

  private static Consequence consequence(VertexFailure failure) {
    return switch (failure) {
      case VertexFailure.Quota _,
          VertexFailure.QuotaLimitZero _,
          VertexFailure.Stockout _,
          VertexFailure.Preempted _ ->
          Consequence.ELSEWHERE;
      case VertexFailure.Permission _, VertexFailure.Configuration _ -> Consequence.FINAL;
      case VertexFailure.UserCode(var code, _) ->
          code.equals(Optional.of(BAD_INPUT)) ? Consequence.FINAL : Consequence.RETRY;
      case VertexFailure.OutOfMemory _,
          VertexFailure.RateLimited _,
          VertexFailure.ServiceFault _,
          VertexFailure.Unknown _ ->
          Consequence.RETRY;
    };
  }

  private static boolean interrupted(VertexFailure failure) {
    return failure instanceof VertexFailure.UserCode(var code, _)
        && code.equals(Optional.of(INTERRUPTED));
  }

  private static boolean counted(VertexFailure failure) {
    return consequence(failure) == Consequence.RETRY && !interrupted(failure);
  }
}
