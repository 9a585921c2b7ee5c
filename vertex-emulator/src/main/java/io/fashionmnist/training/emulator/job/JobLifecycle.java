package io.fashionmnist.training.emulator.job;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.JobState;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.job.TrainingJob.LateError;
import java.time.Instant;
import java.util.Optional;

/**
 * A job's life as a function of what happens to it. What does not fit the state changes nothing: a
 * job that has ended stays as it is.
 */
public final class JobLifecycle {
  private JobLifecycle() {}

  /** The job after an event. */
  public static TrainingJob after(TrainingJob job, JobEvent event) {
    if (event instanceof JobEvent.Forced(var at, var state, var error)) {
      return force(job, at, state, error);
    }
    if (job.terminal()) {
      return job;
    }
    boolean cancelling = state(job) == JobState.JOB_STATE_CANCELLING;
    return switch (event) {
      case JobEvent.Preparing(var at) ->
          state(job) == JobState.JOB_STATE_QUEUED ? to(job, JobState.JOB_STATE_PENDING, at) : job;
      case JobEvent.Started(var at) ->
          cancelling || state(job) == JobState.JOB_STATE_RUNNING
              ? job
              : started(to(job, JobState.JOB_STATE_RUNNING, at), at);
      case JobEvent.Finished(var at) -> end(job, JobState.JOB_STATE_SUCCEEDED, at);
      case JobEvent.Failed(var at, var error) ->
          fail(end(job, JobState.JOB_STATE_FAILED, at), at, error);
      case JobEvent.CancelAsked(var at) ->
          cancelling ? job : to(job, JobState.JOB_STATE_CANCELLING, at);
      case JobEvent.Stopped(var at) -> stopped(job, at);
      case JobEvent.Preempted(var at, var error) ->
          cancelling || job.resource().getJobSpec().getScheduling().getDisableRetries()
              ? fail(end(job, JobState.JOB_STATE_FAILED, at), at, error)
              : to(job, JobState.JOB_STATE_PENDING, at).restarted(at);
      case JobEvent.Forced _ -> throw new IllegalStateException("handled above");
    };
  }

  /** The job with the error that was to come, once its time is there. */
  public static TrainingJob reveal(TrainingJob job, Instant now) {
    return job.lateError()
        .filter(late -> !now.isBefore(late.from()))
        .map(
            late ->
                job.with(
                        job.resource().toBuilder()
                            .setError(late.error())
                            .setUpdateTime(Times.timestamp(late.from()))
                            .build())
                    .withLateError(Optional.empty()))
        .orElse(job);
  }

  private static TrainingJob stopped(TrainingJob job, Instant at) {
    if (job.fault(FaultKind.SUCCEEDS_WHILE_CANCELLING).isPresent()) {
      return end(job, JobState.JOB_STATE_SUCCEEDED, at);
    }
    return fail(
        end(job, JobState.JOB_STATE_CANCELLED, at),
        at,
        Status.newBuilder().setCode(Code.CANCELLED.getNumber()).setMessage("CANCELED").build());
  }

  private static TrainingJob force(TrainingJob job, Instant at, JobState state, Status error) {
    TrainingJob moved = job.with(job.resource().toBuilder().clearEndTime().clearError().build());
    moved = state == JobState.JOB_STATE_RUNNING ? started(moved, at) : moved;
    moved = to(moved, state, at);
    if (!moved.terminal()) {
      return moved;
    }
    moved = end(moved, state, at);
    return error.equals(Status.getDefaultInstance()) ? moved : fail(moved, at, error);
  }

  private static TrainingJob fail(TrainingJob job, Instant at, Status error) {
    Optional<Fault> late = job.fault(FaultKind.LATE_ERROR);
    return late.isPresent()
        ? job.withLateError(Optional.of(new LateError(at.plus(late.get().delay()), error)))
        : job.with(job.resource().toBuilder().setError(error).build());
  }

  private static TrainingJob started(TrainingJob job, Instant at) {
    return job.resource().hasStartTime()
        ? job
        : job.with(job.resource().toBuilder().setStartTime(Times.timestamp(at)).build());
  }

  private static TrainingJob end(TrainingJob job, JobState state, Instant at) {
    CustomJob.Builder ended = to(job, state, at).resource().toBuilder();
    return job.with(ended.setEndTime(Times.timestamp(at)).build());
  }

  private static TrainingJob to(TrainingJob job, JobState state, Instant at) {
    return job.with(
        job.resource().toBuilder().setState(state).setUpdateTime(Times.timestamp(at)).build());
  }

  private static JobState state(TrainingJob job) {
    return job.resource().getState();
  }
}
