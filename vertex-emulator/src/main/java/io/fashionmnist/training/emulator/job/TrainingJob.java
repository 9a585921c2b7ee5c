package io.fashionmnist.training.emulator.job;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.rpc.Status;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.quota.Consumer;
import io.fashionmnist.training.emulator.quota.Demand;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A custom job and what only the service knows of it.
 *
 * @param resource what clients see
 * @param consumer whose quota it takes
 * @param demand how much
 * @param createdAt when it was accepted
 * @param admittedAt when it got its quota; empty while it waits for that
 * @param quotaFailure when it fails because it never gets its quota
 * @param faults what goes wrong with it
 * @param listedFrom from when on lists show it
 * @param lateError its error, while that is still to come
 * @param restart how often it was begun anew
 */
public record TrainingJob(
    CustomJob resource,
    Consumer consumer,
    Demand demand,
    Instant createdAt,
    Optional<Instant> admittedAt,
    Optional<QuotaFailure> quotaFailure,
    List<Fault> faults,
    Instant listedFrom,
    Optional<LateError> lateError,
    int restart) {

  /** An error that clients see from a time on. */
  public record LateError(Instant from, Status error) {}

  /** That a job fails at a time for want of these metrics. */
  public record QuotaFailure(Instant at, List<String> metrics) {}

  /** The digits at the end of the name. */
  public String id() {
    return resource.getName().substring(resource.getName().lastIndexOf('/') + 1);
  }

  /** Whether it has ended for good. */
  public boolean terminal() {
    return switch (resource.getState()) {
      case JOB_STATE_SUCCEEDED,
          JOB_STATE_FAILED,
          JOB_STATE_CANCELLED,
          JOB_STATE_EXPIRED,
          JOB_STATE_PAUSED,
          JOB_STATE_PARTIALLY_SUCCEEDED ->
          true;
      default -> false;
    };
  }

  /** The job's fault of a kind. */
  public Optional<Fault> fault(FaultKind kind) {
    return faults.stream().filter(fault -> fault.kind() == kind).findFirst();
  }

  /** The same with another resource. */
  public TrainingJob with(CustomJob changed) {
    return new TrainingJob(
        changed,
        consumer,
        demand,
        createdAt,
        admittedAt,
        quotaFailure,
        faults,
        listedFrom,
        lateError,
        restart);
  }

  /** The same with its quota. */
  public TrainingJob admitted(Instant at) {
    return new TrainingJob(
        resource,
        consumer,
        demand,
        createdAt,
        Optional.of(at),
        Optional.empty(),
        faults,
        listedFrom,
        lateError,
        restart);
  }

  /** The same with an error that is to come, or without. */
  public TrainingJob withLateError(Optional<LateError> late) {
    return new TrainingJob(
        resource,
        consumer,
        demand,
        createdAt,
        admittedAt,
        quotaFailure,
        faults,
        listedFrom,
        late,
        restart);
  }

  /** The same, begun anew, without the fault that stopped it. */
  public TrainingJob restarted(Instant at) {
    return new TrainingJob(
        resource,
        consumer,
        demand,
        createdAt,
        Optional.of(at),
        quotaFailure,
        faults.stream().filter(fault -> fault.kind() != FaultKind.PREEMPTION).toList(),
        listedFrom,
        lateError,
        restart + 1);
  }
}
