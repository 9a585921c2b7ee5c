package io.fashionmnist.training.operator.metric;

import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Counts the jobs in the cache: how many there are, and how long those that stand out have done so.
 * A replica that does not lead has no cache, and counts nothing.
 */
public final class JobCensus implements GaugeSource {
  private static final List<String> BACKENDS = List.of("none", "vertex", "cluster");
  private static final List<Phase> WAITING = List.of(Phase.PENDING, Phase.QUEUED);

  private final InstantSource clock;
  private volatile Supplier<Stream<FashionTrainingJob>> jobs = Stream::empty;

  public JobCensus(InstantSource clock) {
    this.clock = clock;
  }

  /** Says where the jobs are. */
  public void countIn(Supplier<Stream<FashionTrainingJob>> cache) {
    jobs = cache;
  }

  @Override
  public List<Gauge> gauges() {
    Count count = new Count(clock.instant());
    jobs.get().forEach(count::add);
    return count.gauges();
  }

  /** One count. */
  private static final class Count {
    private final Instant now;
    private final Map<Phase, Map<String, Integer>> jobs = new EnumMap<>(Phase.class);
    private final Map<Phase, Duration> waiting = new EnumMap<>(Phase.class);
    private final Map<String, Duration> silent = new TreeMap<>();
    private int withoutCapacity;

    Count(Instant now) {
      this.now = now;
    }

    void add(FashionTrainingJob job) {
      if (!RunPolicy.OPERATOR.equals(job.getSpec().runPolicy().managedBy())) {
        return;
      }
      FashionTrainingJobStatus status = job.currentStatus();
      Phase phase = status.phase() == null ? Phase.PENDING : status.phase();
      String backend =
          status.backend() == null ? "none" : status.backend().name().toLowerCase(Locale.ROOT);
      jobs.computeIfAbsent(phase, _ -> new TreeMap<>()).merge(backend, 1, Integer::sum);
      switch (phase) {
        case PENDING, QUEUED -> {
          waiting.merge(phase, age(Instant.parse(waitingSince(job, status))), Count::longer);
          withoutCapacity += phase == Phase.PENDING && status.nextRetryTime() != null ? 1 : 0;
        }
        case RUNNING ->
            lastHeard(job, status)
                .ifPresent(time -> silent.merge(backend, age(time), Count::longer));
        case RESTARTING, SUSPENDED, SUCCEEDED, FAILED -> {}
      }
    }

    /** Since when it has neither run nor been suspended. */
    private static String waitingSince(FashionTrainingJob job, FashionTrainingJobStatus status) {
      // All are in UTC and end with seconds: the later one is the greater one.
      return Stream.of(Condition.RUNNING, Condition.RESTARTING, Condition.SUSPENDED)
          .flatMap(type -> since(status, type, "False").stream())
          .reduce(
              job.getMetadata().getCreationTimestamp(),
              (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    /**
     * When its trainer reported last; if it has not yet, since when it runs. Someone else's trainer
     * need not report at all.
     */
    private static Optional<Instant> lastHeard(
        FashionTrainingJob job, FashionTrainingJobStatus status) {
      return Optional.ofNullable(status.training())
          .filter(report -> report.attempt() != null)
          .filter(report -> report.attempt().equals(status.activeAttempt()))
          .flatMap(report -> reported(report.lastUpdatedTime()))
          .or(
              () ->
                  job.getSpec().trainer().image() == null
                      ? since(status, Condition.RUNNING, "True").map(Instant::parse)
                      : Optional.empty());
    }

    /** A trainer of one's own may write anything for a time. */
    private static Optional<Instant> reported(String time) {
      try {
        return Optional.ofNullable(time).map(Instant::parse);
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }

    private static Optional<String> since(
        FashionTrainingJobStatus status, String type, String value) {
      return status.conditions().stream()
          .filter(each -> each.type().equals(type) && each.status().equals(value))
          .map(Condition::lastTransitionTime)
          .findFirst();
    }

    private Duration age(Instant time) {
      return longer(Duration.ZERO, Duration.between(time, now));
    }

    private static Duration longer(Duration one, Duration other) {
      return one.compareTo(other) > 0 ? one : other;
    }

    List<Gauge> gauges() {
      List<Sample> counts = new ArrayList<>();
      for (Phase phase : Phase.values()) {
        Map<String, Integer> of = jobs.getOrDefault(phase, Map.of());
        BACKENDS.forEach(
            backend ->
                counts.add(
                    new Sample(List.of(phase.text(), backend), of.getOrDefault(backend, 0))));
      }
      return List.of(
          new Gauge(
              "fashion_training_jobs", "Jobs that there are.", List.of("phase", "backend"), counts),
          new Gauge(
              "fashion_training_jobs_without_capacity",
              "Jobs whose placements are all full, so that they wait for the next round.",
              List.of(),
              List.of(new Sample(List.of(), withoutCapacity))),
          new Gauge(
              "fashion_training_longest_wait_seconds",
              "How long the job that waits longest has waited to run.",
              List.of("phase"),
              WAITING.stream()
                  .map(
                      phase ->
                          new Sample(
                              List.of(phase.text()),
                              waiting.getOrDefault(phase, Duration.ZERO).toSeconds()))
                  .toList()),
          new Gauge(
              "fashion_training_longest_silence_seconds",
              "How long the running job that is silent longest has not reported.",
              List.of("backend"),
              Stream.of("vertex", "cluster")
                  .map(
                      backend ->
                          new Sample(
                              List.of(backend),
                              silent.getOrDefault(backend, Duration.ZERO).toSeconds()))
                  .toList()));
    }
  }
}
