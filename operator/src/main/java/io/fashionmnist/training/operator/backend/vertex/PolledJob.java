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
 * @param ended when it was over; when it was last changed, should the service not tell that
 * @param cancelling since when it is being cancelled
 * @param error why it failed or was cancelled; may come up to a minute after the end
 */
public record PolledJob(
    String name,
    JobOwner owner,
    JobState state,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> ended,
    Optional<Instant> cancelling,
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
                    ended(job),
                    job.getState() == JobState.JOB_STATE_CANCELLING
                        ? Optional.of(changed(job))
                        : Optional.empty(),
                    job.hasError() ? Optional.of(job.getError()) : Optional.empty()));
  }

  /** Whether it runs or may yet run. */
  public boolean live() {
    return !over(state);
  }

  private static Optional<Instant> ended(CustomJob job) {
    return job.hasEndTime()
        ? Optional.of(time(job.getEndTime()))
        : Optional.of(changed(job)).filter(_ -> over(job.getState()));
  }

  private static Instant changed(CustomJob job) {
    return time(job.hasUpdateTime() ? job.getUpdateTime() : job.getCreateTime());
  }

  /** Whether a job in a state never runs again. */
  static boolean over(JobState state) {
    return switch (state) {
      case JOB_STATE_SUCCEEDED,
          JOB_STATE_FAILED,
          JOB_STATE_CANCELLED,
          JOB_STATE_PAUSED,
          JOB_STATE_EXPIRED,
          JOB_STATE_PARTIALLY_SUCCEEDED ->
          true;
      // A state of tomorrow is taken for a live one: nothing is started beside it.
      case JOB_STATE_UNSPECIFIED,
          JOB_STATE_QUEUED,
          JOB_STATE_PENDING,
          JOB_STATE_RUNNING,
          JOB_STATE_CANCELLING,
          JOB_STATE_UPDATING,
          UNRECOGNIZED ->
          false;
    };
  }

  private static Instant time(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }
}
