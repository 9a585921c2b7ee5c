package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.aiplatform.v1.CustomJob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Keeps the newest list of what lives in each region where something does: calls grow with regions,
 * not with jobs, and not with those that were. Thread safe; it has no thread of its own.
 */
public final class JobPoller {
  private static final double JITTER = 0.2;

  /** Where lists come from: {@link JobCalls#list}. */
  @FunctionalInterface
  public interface Lister {
    /** Every job that the filter lets through. */
    List<CustomJob> list(VertexRegion region, String filter);
  }

  /** What is known of one region. */
  private static final class Watch {
    private Optional<PolledJobs> latest = Optional.empty();
    private Optional<VertexFailure> failure = Optional.empty();
    private Instant due = Instant.MIN;
    private boolean underWay;
  }

  private final Lister lister;
  private final String installation;
  private final Duration interval;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Executor executor;
  private final Consumer<Set<JobOwner>> listener;
  private final Map<VertexRegion, Watch> watches = new HashMap<>();

  /**
   * @param interval between two lists of a region, before a jitter of a fifth
   * @param executor where lists are waited for, a thread for each: a slow region delays no other
   * @param listener is told whose jobs changed, on the thread that saw it
   */
  public JobPoller(
      Lister lister,
      String installation,
      Duration interval,
      InstantSource clock,
      RandomGenerator random,
      Executor executor,
      Consumer<Set<JobOwner>> listener) {
    this.lister = lister;
    this.installation = installation;
    this.interval = interval;
    this.clock = clock;
    this.random = random;
    this.executor = executor;
    this.listener = listener;
  }

  /** Starts a list of each of these regions that is due for one. Called every second or so. */
  public void poll(Set<VertexRegion> live) {
    for (VertexRegion region : live) {
      if (takeTurn(region)) {
        executor.execute(
            () -> {
              try {
                fresh(region);
              } catch (VertexCallException e) {
                // Kept as the region's failure; the old list stays, and shows its age.
              } finally {
                endTurn(region);
              }
            });
      }
    }
  }

  /** The newest list of a region, if there was one. */
  public synchronized Optional<PolledJobs> latest(VertexRegion region) {
    return Optional.ofNullable(watches.get(region)).flatMap(watch -> watch.latest);
  }

  /** Why the last list of a region failed, if it did. */
  public synchronized Optional<VertexFailure> failure(VertexRegion region) {
    return Optional.ofNullable(watches.get(region)).flatMap(watch -> watch.failure);
  }

  /**
   * A list made now, such as before a create.
   *
   * @throws VertexCallException if it fails; the newest list stays what it was
   */
  public PolledJobs fresh(VertexRegion region) {
    Instant start = clock.instant();
    PolledJobs jobs;
    try {
      jobs =
          PolledJobs.of(
              installation, lister.list(region, JobLabels.liveFilter(installation)), start);
    } catch (VertexCallException e) {
      failed(region, e.failure());
      throw e;
    }
    Set<JobOwner> changed = keep(region, jobs);
    if (!changed.isEmpty()) {
      listener.accept(changed);
    }
    return jobs;
  }

  private synchronized boolean takeTurn(VertexRegion region) {
    Watch watch = watch(region);
    if (watch.underWay || watch.due.isAfter(clock.instant())) {
      return false;
    }
    watch.underWay = true;
    return true;
  }

  private synchronized void endTurn(VertexRegion region) {
    Watch watch = watch(region);
    watch.underWay = false;
    watch.due = next();
  }

  private synchronized void failed(VertexRegion region, VertexFailure failure) {
    watch(region).failure = Optional.of(failure);
  }

  /** Keeps a list unless a newer one came meanwhile; returns what it changed. */
  private synchronized Set<JobOwner> keep(VertexRegion region, PolledJobs jobs) {
    Watch watch = watch(region);
    PolledJobs before = watch.latest.orElseGet(() -> new PolledJobs(Instant.MIN, List.of()));
    if (before.takenAt().isAfter(jobs.takenAt())) {
      return Set.of();
    }
    watch.latest = Optional.of(jobs);
    watch.failure = Optional.empty();
    watch.due = next();
    return jobs.changedSince(before);
  }

  private Instant next() {
    double factor = 1 + JITTER * (random.nextDouble() - 0.5);
    return clock.instant().plusMillis((long) (interval.toMillis() * factor));
  }

  private Watch watch(VertexRegion region) {
    return watches.computeIfAbsent(region, _ -> new Watch());
  }
}
