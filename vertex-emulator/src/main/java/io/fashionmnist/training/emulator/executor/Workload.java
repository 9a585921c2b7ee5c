package io.fashionmnist.training.emulator.executor;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.WorkerPoolSpec;
import java.time.Instant;

/**
 * What an executor needs to know of a job.
 *
 * @param jobId the digits at the end of the job's name
 * @param projectNumber whose job it is
 * @param region where it runs
 * @param job as it was created
 * @param admittedAt when its quota was given
 * @param restart how often it was begun anew after a preemption
 */
public record Workload(
    String jobId,
    String projectNumber,
    String region,
    CustomJob job,
    Instant admittedAt,
    int restart) {
  /** The pool whose first replica decides about the job. */
  public WorkerPoolSpec chief() {
    return job.getJobSpec().getWorkerPoolSpecs(0);
  }
}
