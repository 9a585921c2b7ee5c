package io.fashionmnist.training.emulator.job;

import com.google.cloud.aiplatform.v1.Scheduling.Strategy;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.fashionmnist.training.emulator.error.ServiceTexts;
import io.fashionmnist.training.emulator.executor.RunState;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.job.JobEvent.Failed;
import io.fashionmnist.training.emulator.job.JobEvent.Finished;
import io.fashionmnist.training.emulator.job.JobEvent.Preempted;
import io.fashionmnist.training.emulator.job.JobEvent.Preparing;
import io.fashionmnist.training.emulator.job.JobEvent.Started;
import io.fashionmnist.training.emulator.job.JobEvent.Stopped;
import io.fashionmnist.training.emulator.quota.Demands;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What happens to a job at a time: by its faults, and by how far its work is. Pure. */
final class JobFate {
  /** The chief: what happens to it happens to the job. */
  static final String CHIEF = "workerpool0-0";

  private JobFate() {}

  /** The end that the job's faults or its lack of quota bring by now. */
  static Optional<JobEvent> due(TrainingJob job, Instant now) {
    Optional<JobEvent> quota =
        job.quotaFailure()
            .filter(failure -> !now.isBefore(failure.at()))
            .map(failure -> new Failed(failure.at(), forQuota(failure.metrics())));
    return quota.or(() -> byFault(job, now));
  }

  private static Optional<JobEvent> byFault(TrainingJob job, Instant now) {
    for (Fault fault : job.faults()) {
      Instant at = job.createdAt().plus(fault.delay());
      Optional<Status> error =
          switch (fault.kind()) {
            case FAILED_FOR_QUOTA -> Optional.of(forQuota(machineMetrics(job)));
            case STOCKOUT ->
                Optional.of(
                    status(
                        Code.RESOURCE_EXHAUSTED, ServiceTexts.stockout(job.consumer().region())));
            case INTERNAL_ERROR -> Optional.of(status(Code.INTERNAL, ServiceTexts.internalError()));
            case FAILED -> Optional.of(status(Code.INTERNAL, "Training failed."));
            default -> Optional.empty();
          };
      if (error.isPresent() && !now.isBefore(at)) {
        return Optional.of(new Failed(at, asTold(error.get(), fault)));
      }
    }
    return Optional.empty();
  }

  /** What the state of the work means for the job. */
  static List<JobEvent> events(TrainingJob job, RunState state, Instant now) {
    Optional<JobEvent> preempted = preempted(job, state, now);
    return switch (state) {
      case RunState.Queued() -> List.of();
      case RunState.Preparing() -> List.of(new Preparing(now));
      case RunState.Running(var since) ->
          preempted
              .map(event -> List.of(new Started(since), event))
              .orElseGet(() -> List.of(new Started(since)));
      case RunState.Exited(var from, var to, var code, var outOfMemory) ->
          List.of(new Started(from), preempted.orElseGet(() -> exit(job, to, code, outOfMemory)));
      case RunState.Stopped(var at) -> List.of(stopped(job, at));
      case RunState.Broken(var at, var message) ->
          List.of(new Failed(at, status(Code.INTERNAL, message)));
    };
  }

  private static Optional<JobEvent> preempted(TrainingJob job, RunState state, Instant now) {
    if (job.resource().getJobSpec().getScheduling().getStrategy() != Strategy.SPOT) {
      return Optional.empty();
    }
    return job.fault(FaultKind.PREEMPTION)
        .flatMap(
            fault ->
                switch (state) {
                  case RunState.Running(var since) -> taken(fault, since, now);
                  case RunState.Exited(var from, var to, _, _) -> taken(fault, from, to);
                  default -> Optional.empty();
                });
  }

  private static Optional<JobEvent> taken(Fault fault, Instant from, Instant to) {
    Instant at = from.plus(fault.delay());
    return at.isAfter(to)
        ? Optional.empty()
        : Optional.of(new Preempted(at, asTold(preemption(), fault)));
  }

  /** The error of a job whose Spot machine was taken away. */
  static Status preemption() {
    return status(Code.ABORTED, ServiceTexts.preempted(CHIEF));
  }

  private static JobEvent stopped(TrainingJob job, Instant at) {
    // Stopped without a cancel call: the machine went away.
    return switch (job.resource().getState()) {
      case JOB_STATE_CANCELLING -> new Stopped(at);
      default -> new Preempted(at, preemption());
    };
  }

  private static JobEvent exit(TrainingJob job, Instant at, int code, boolean outOfMemory) {
    if (code == 0) {
      return new Finished(at);
    }
    String project = job.consumer().project();
    // The user's program failed, which the service puts down to what it was given.
    return new Failed(
        at,
        status(
            Code.INVALID_ARGUMENT,
            outOfMemory
                ? ServiceTexts.outOfMemory(CHIEF, code, project, job.id())
                : ServiceTexts.exited(CHIEF, code, project, job.id())));
  }

  /** All that the job needs but its disk, which is rarely what is short. */
  private static Collection<String> machineMetrics(TrainingJob job) {
    TreeSet<String> metrics = new TreeSet<>(job.demand().amounts().keySet());
    metrics.remove(Demands.SSD);
    return metrics;
  }

  private static Status forQuota(Collection<String> metrics) {
    return status(Code.RESOURCE_EXHAUSTED, ServiceTexts.failedForQuota(metrics));
  }

  private static Status asTold(Status usual, Fault fault) {
    return status(
        fault.code().orElse(Code.forNumber(usual.getCode())),
        fault.message().orElse(usual.getMessage()));
  }

  private static Status status(Code code, String message) {
    return Status.newBuilder().setCode(code.getNumber()).setMessage(message).build();
  }
}
