package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.JobState;
import com.google.protobuf.Timestamp;
import com.google.rpc.Status;
import java.time.Instant;
import java.util.Optional;

/**
 * A custom job as a list showed it.
 *
 * @param name its resource name, with the project's number
 * @param started when its machines were there
 * @param error why it failed or was cancelled; may come up to a minute after the end
 */
public record PolledJob(
    String name,
    JobOwner owner,
    JobState state,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> ended,
    Optional<Status> error) {

  /** Reads a job; empty if it is not of the installation. */
  public static Optional<PolledJob> of(String installation, CustomJob job) {
    return JobLabels.owner(installation, job.getLabelsMap())
        .map(
            owner ->
                new PolledJob(
                    job.getName(),
                    owner,
                    job.getState(),
                    time(job.getCreateTime()),
                    job.hasStartTime() ? Optional.of(time(job.getStartTime())) : Optional.empty(),
                    job.hasEndTime() ? Optional.of(time(job.getEndTime())) : Optional.empty(),
                    job.hasError() ? Optional.of(job.getError()) : Optional.empty()));
  }

  /** Whether it runs or may yet run. */
  public boolean live() {
    return switch (state) {
      case JOB_STATE_SUCCEEDED,
          JOB_STATE_FAILED,
          JOB_STATE_CANCELLED,
          JOB_STATE_PAUSED,
          JOB_STATE_EXPIRED,
          JOB_STATE_PARTIALLY_SUCCEEDED ->
          false;
      // A state of tomorrow is taken for a live one: nothing is started beside it.
      case JOB_STATE_UNSPECIFIED,
          JOB_STATE_QUEUED,
          JOB_STATE_PENDING,
          JOB_STATE_RUNNING,
          JOB_STATE_CANCELLING,
          JOB_STATE_UPDATING,
          UNRECOGNIZED ->
          true;
    };
  }

  private static Instant time(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }
}
