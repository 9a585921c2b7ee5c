package io.fashionmnist.training.emulator.job;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.JobState;
import com.google.rpc.Code;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.error.ServiceTexts;
import io.fashionmnist.training.emulator.executor.Executor;
import io.fashionmnist.training.emulator.executor.Run;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.job.TrainingJob.QuotaFailure;
import io.fashionmnist.training.emulator.quota.Consumer;
import io.fashionmnist.training.emulator.quota.Demand;
import io.fashionmnist.training.emulator.quota.Demands;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaBook;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * All jobs: takes them in, gives them quota in the order in which they came, lets them run and sees
 * them end. Time passes when it is asked for something or {@link #tick} is called.
 */
public final class JobScheduler implements AutoCloseable {
  private final Projects projects;
  private final QuotaBook quota;
  private final BucketLocations buckets;
  private final Executor executor;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final JobFloor floor;
  private Admission admission;
  private Runnable onChange = () -> {};

  /** A scheduler without jobs. */
  public JobScheduler(
      Projects projects,
      QuotaBook quota,
      BucketLocations buckets,
      Executor executor,
      InstantSource clock,
      RandomGenerator random,
      Admission admission) {
    this.projects = projects;
    this.quota = quota;
    this.buckets = buckets;
    this.executor = executor;
    this.clock = clock;
    this.random = random;
    this.admission = admission;
    this.floor = new JobFloor(quota, executor);
  }

  /** Calls this after every change of a job, before the client hears of it. */
  public synchronized void onChange(Runnable listener) {
    this.onChange = listener;
  }

  /** Takes up jobs of an earlier life; work that still runs is found again. */
  public synchronized void restore(List<TrainingJob> earlier) {
    earlier.forEach(job -> floor.restore(job, clock.instant()));
  }

  /** What happens to jobs over quota from now on. */
  public synchronized void admission(Admission next) {
    this.admission = next;
  }

  /** What happens to jobs over quota. */
  public synchronized Admission admission() {
    return admission;
  }

  /** Accepts a job, or says why not. */
  public CustomJob create(Location parent, CustomJob request, List<Fault> faults) {
    JobRules.check(request);
    // May ask Cloud Storage, for which no other call should wait.
    checkBucket(parent, request);
    return accept(parent, request, faults);
  }

  private synchronized CustomJob accept(Location parent, CustomJob request, List<Fault> faults) {
    tick();
    Instant now = clock.instant();
    Consumer consumer = new Consumer(projects.number(parent.project()), parent.region());
    Demand demand = Demands.of(request.getJobSpec());
    List<String> exceeded = quota.exceeded(consumer, demand);
    boolean over = !exceeded.isEmpty();
    if (over && admission.overQuota() == OverQuota.REJECT) {
      throw new ApiException(Code.RESOURCE_EXHAUSTED, ServiceTexts.quotaExceeded(exceeded));
    }
    Optional<QuotaFailure> failure =
        over && admission.overQuota() == OverQuota.FAIL
            ? Optional.of(new QuotaFailure(now.plus(admission.failsAfter()), exceeded))
            : Optional.empty();
    Duration lag =
        faults.stream()
            .filter(fault -> fault.kind() == FaultKind.LIST_LAG)
            .map(Fault::delay)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    CustomJob resource = accepted(request, consumer, now);
    TrainingJob job =
        new TrainingJob(
            resource,
            consumer,
            demand,
            now,
            Optional.empty(),
            failure,
            List.copyOf(faults),
            now.plus(lag),
            Optional.empty(),
            0);
    floor.add(job, now);
    onChange.run();
    return floor.job(job.id()).orElse(job).resource();
  }

  /** A job, as it is now. */
  public synchronized CustomJob get(JobName name) {
    tick();
    return find(name).resource();
  }

  /** The jobs of a project in a region, newest first. */
  public synchronized JobPage list(Location parent, String filter, int pageSize, String pageToken) {
    tick();
    Instant now = clock.instant();
    Consumer consumer = new Consumer(projects.number(parent.project()), parent.region());
    return JobPage.of(
        floor.jobs().stream()
            .filter(job -> job.consumer().equals(consumer) && !now.isBefore(job.listedFrom()))
            .toList(),
        filter,
        pageSize,
        pageToken);
  }

  /** Asks for a job's end. */
  public synchronized void cancel(JobName name) {
    tick();
    TrainingJob job = find(name);
    if (job.terminal()) {
      throw ApiException.failedPrecondition(
          "The CustomJob \""
              + job.resource().getName()
              + "\" is in state "
              + job.resource().getState()
              + " and cannot be canceled.");
    }
    Instant now = clock.instant();
    floor.run(job.id()).ifPresent(run -> run.stop(now));
    floor.advance(JobLifecycle.after(job, new JobEvent.CancelAsked(now)), now);
    onChange.run();
  }

  /** Forgets a job that has ended. */
  public synchronized void delete(JobName name) {
    tick();
    TrainingJob job = find(name);
    if (!job.terminal()) {
      throw ApiException.failedPrecondition(
          "The CustomJob \""
              + job.resource().getName()
              + "\" is in state "
              + job.resource().getState()
              + " and cannot be deleted. Cancel it first.");
    }
    floor.remove(job.id());
    onChange.run();
  }

  /** Lets something happen to a job, as a tester wishes; false if there is no such job. */
  public synchronized boolean happen(String id, JobEvent event) {
    tick();
    Optional<TrainingJob> job = floor.job(id);
    job.ifPresent(
        known -> {
          floor.settle(known, JobLifecycle.after(known, event), clock.instant());
          onChange.run();
        });
    return job.isPresent();
  }

  /** Takes a job's machine away, as happens to Spot machines; false if there is no such job. */
  public boolean preempt(String id) {
    return happen(id, new JobEvent.Preempted(clock.instant(), JobFate.preemption()));
  }

  /** Brings all jobs up to the present. */
  public synchronized void tick() {
    Instant now = clock.instant();
    boolean changed = false;
    for (TrainingJob job : floor.jobs()) {
      changed |= floor.advance(job, now);
    }
    if (changed) {
      onChange.run();
    }
  }

  /** All jobs, in the order in which they came. */
  public synchronized List<TrainingJob> jobs() {
    tick();
    return floor.jobs();
  }

  /** Says that something else that is kept with the jobs has changed. */
  public synchronized void changed() {
    onChange.run();
  }

  /** All jobs as they were when time last passed. */
  public synchronized List<TrainingJob> snapshot() {
    return floor.jobs();
  }

  /** A job's work; empty if there is no such job. */
  public synchronized Optional<Run> run(String id) {
    return floor.run(id);
  }

  /** Gives up what runs, as far as it does not outlive the emulator. */
  @Override
  public void close() {
    executor.close();
  }

  private CustomJob accepted(CustomJob request, Consumer consumer, Instant now) {
    String id;
    do {
      id = Long.toString(random.nextLong(1_000_000_000_000_000_000L, Long.MAX_VALUE));
    } while (floor.job(id).isPresent());
    return request.toBuilder()
        .setName(
            "projects/"
                + consumer.project()
                + "/locations/"
                + consumer.region()
                + "/customJobs/"
                + id)
        .setState(JobState.JOB_STATE_QUEUED)
        .setCreateTime(Times.timestamp(now))
        .setUpdateTime(Times.timestamp(now))
        .clearStartTime()
        .clearEndTime()
        .clearError()
        .build();
  }

  private void checkBucket(Location parent, CustomJob request) {
    String uri = request.getJobSpec().getBaseOutputDirectory().getOutputUriPrefix();
    if (uri.isEmpty()) {
      return;
    }
    String bucket = uri.substring("gs://".length()).split("/", 2)[0];
    buckets
        .of(bucket)
        .filter(location -> !location.equals(parent.region()))
        .ifPresent(
            location -> {
              throw ApiException.failedPrecondition(
                  ServiceTexts.bucketElsewhere(uri, location, parent.region()));
            });
  }

  private TrainingJob find(JobName name) {
    Consumer consumer =
        new Consumer(projects.number(name.location().project()), name.location().region());
    return floor
        .job(name.id())
        .filter(job -> job.consumer().equals(consumer))
        .orElseThrow(() -> ApiException.notFound("CustomJob does not exist."));
  }
}
