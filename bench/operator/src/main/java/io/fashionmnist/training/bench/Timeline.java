package io.fashionmnist.training.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When what happened to each of a wave's jobs, by this process's clock. Only the first time counts.
 */
final class Timeline {
  /** Steps of a job. */
  enum Step {
    /** The request to create it is sent. */
    CREATED,
    /** What the operator makes for it is seen: a batch/v1 Job, or the pod where there is none. */
    CHILD,
    /** Its pod is seen. */
    POD,
    /** The pod's end is about to be written. */
    DONE,
    /** The job's status says that it runs. */
    RUNNING,
    /** The job's status says that it has succeeded. */
    SUCCEEDED
  }

  private final Map<Step, Map<String, Long>> times =
      Map.copyOf(
          Stream.of(Step.values())
              .collect(Collectors.toMap(step -> step, _ -> new ConcurrentHashMap<String, Long>())));
  private final CountDownLatch running;
  private final CountDownLatch succeeded;

  Timeline(int jobs) {
    running = new CountDownLatch(jobs);
    succeeded = new CountDownLatch(jobs);
  }

  void note(Step step, String job) {
    if (times.get(step).putIfAbsent(job, System.nanoTime()) == null) {
      switch (step) {
        case RUNNING -> running.countDown();
        case SUCCEEDED -> succeeded.countDown();
        case CREATED, CHILD, POD, DONE -> {}
      }
    }
  }

  boolean awaitRunning(Duration limit) throws InterruptedException {
    return running.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  boolean awaitSucceeded(Duration limit) throws InterruptedException {
    return succeeded.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** How long it took the jobs from one step to another. */
  Percentiles between(Step from, Step to) {
    Map<String, Long> starts = times.get(from);
    return Percentiles.of(
        times.get(to).entrySet().stream()
            .map(end -> Duration.ofNanos(end.getValue() - starts.get(end.getKey())))
            .toList());
  }

  /** From the first job's creation to the last one's success. */
  Duration whole() {
    return Duration.ofNanos(
        values(Step.SUCCEEDED).stream().mapToLong(Long::longValue).max().orElseThrow()
            - values(Step.CREATED).stream().mapToLong(Long::longValue).min().orElseThrow());
  }

  int count(Step step) {
    return values(step).size();
  }

  private Collection<Long> values(Step step) {
    return times.get(step).values();
  }
}
