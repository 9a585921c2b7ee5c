package io.fashionmnist.training.emulator.job;

import com.google.cloud.aiplatform.v1.JobState;
import io.fashionmnist.training.emulator.executor.Executor;
import io.fashionmnist.training.emulator.executor.Run;
import io.fashionmnist.training.emulator.executor.Workload;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.quota.QuotaBook;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where jobs stand and run: keeps each job beside its work and its quota. Not safe for threads;
 * {@link JobScheduler} holds the lock.
 */
final class JobFloor {
  private final QuotaBook quota;
  private final Executor executor;
  private final Map<String, TrainingJob> jobs = new LinkedHashMap<>();
  private final Map<String, Run> runs = new HashMap<>();

  JobFloor(QuotaBook quota, Executor executor) {
    this.quota = quota;
    this.executor = executor;
  }

  /** All jobs, in the order in which they came. */
  List<TrainingJob> jobs() {
    return List.copyOf(jobs.values());
  }

  Optional<TrainingJob> job(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  Optional<Run> run(String id) {
    return Optional.ofNullable(runs.get(id));
  }

  /** Takes in a new job. */
  void add(TrainingJob job, Instant now) {
    jobs.put(job.id(), job);
    advance(job, now);
  }

  void remove(String id) {
    jobs.remove(id);
    runs.remove(id);
  }

  /** Takes up a job of an earlier life; work that still runs is found again. */
  void restore(TrainingJob job, Instant now) {
    jobs.put(job.id(), job);
    if (!job.terminal() && job.admittedAt().isPresent()) {
      quota.holdAgain(job.id(), job.consumer(), job.demand());
      Run run = begin(job);
      if (job.resource().getState() == JobState.JOB_STATE_CANCELLING) {
        run.stop(now);
      }
    }
  }

  /** Brings a job up to the present; false if nothing happened to it. */
  boolean advance(TrainingJob before, Instant now) {
    TrainingJob job = before;
    if (job.terminal()) {
      job = JobLifecycle.reveal(job, now);
    } else {
      Optional<JobEvent> fate = JobFate.due(job, now);
      if (fate.isPresent()) {
        job = JobLifecycle.after(job, fate.get());
      } else if (job.admittedAt().isEmpty()) {
        job = admit(job, now);
      }
      Run run = runs.get(job.id());
      if (run != null) {
        for (JobEvent event : JobFate.events(job, run.observe(now), now)) {
          job = JobLifecycle.after(job, event);
        }
      }
    }
    return settle(jobs.get(job.id()), job, now);
  }

  /** Files a job and carries out what its new state asks for. */
  boolean settle(TrainingJob before, TrainingJob after, Instant now) {
    if (after.equals(before)) {
      return false;
    }
    jobs.put(after.id(), after);
    boolean anew = after.restart() != before.restart();
    if ((after.terminal() && !before.terminal()) || anew) {
      Optional.ofNullable(runs.get(after.id())).ifPresent(run -> run.stop(now));
    }
    if (after.terminal()) {
      quota.release(after.id());
    }
    if (anew) {
      begin(after);
    }
    return true;
  }

  private TrainingJob admit(TrainingJob job, Instant now) {
    if (job.resource().getState() == JobState.JOB_STATE_CANCELLING) {
      return JobLifecycle.after(job, new JobEvent.Stopped(now));
    }
    if (job.quotaFailure().isPresent()
        || job.fault(FaultKind.STAYS_QUEUED).isPresent()
        || !quota.hold(job.id(), job.consumer(), job.demand()).isEmpty()) {
      return job;
    }
    TrainingJob admitted = job.admitted(now);
    begin(admitted);
    return admitted;
  }

  private Run begin(TrainingJob job) {
    Run run =
        executor.start(
            new Workload(
                job.id(),
                job.consumer().project(),
                job.consumer().region(),
                job.resource(),
                job.admittedAt().orElse(job.createdAt()),
                job.restart()));
    runs.put(job.id(), run);
    return run;
  }
}
