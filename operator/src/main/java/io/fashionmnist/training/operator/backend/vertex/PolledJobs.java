package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.aiplatform.v1.CustomJob;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One list of a region's jobs of this installation. Pure.
 *
 * @param takenAt when it was asked for: what was created later need not be in it
 * @param jobs the oldest first
 */
public record PolledJobs(Instant takenAt, List<PolledJob> jobs) {
  private static final Comparator<PolledJob> AGE =
      Comparator.comparing(PolledJob::created).thenComparing(PolledJob::name);

  public PolledJobs {
    jobs = jobs.stream().sorted(AGE).toList();
  }

  private record Attempt(String uid, int number) {
    static Attempt of(PolledJob job) {
      return new Attempt(job.owner().uid(), job.owner().attempt());
    }
  }

  /** What a list shows; jobs that are not the installation's are left out. */
  public static PolledJobs of(String installation, Collection<CustomJob> listed, Instant takenAt) {
    return new PolledJobs(
        takenAt, listed.stream().flatMap(job -> PolledJob.of(installation, job).stream()).toList());
  }

  /** An attempt's job: the oldest that lives, or else the newest that ended. */
  public Optional<PolledJob> of(String uid, int attempt) {
    List<PolledJob> its =
        jobs.stream().filter(job -> Attempt.of(job).equals(new Attempt(uid, attempt))).toList();
    return its.stream()
        .filter(PolledJob::live)
        .findFirst()
        .or(() -> its.reversed().stream().findFirst());
  }

  /** Live jobs beside an older live one of the same attempt: to be cancelled. */
  public List<PolledJob> duplicates() {
    return jobs.stream()
        .filter(PolledJob::live)
        .collect(Collectors.groupingBy(Attempt::of))
        .values()
        .stream()
        .flatMap(same -> same.stream().skip(1))
        .sorted(AGE)
        .toList();
  }

  /**
   * Live jobs that are nobody's live attempt here. Candidates: a cache may lag, so that the owner
   * is to be looked for before anything is cancelled.
   */
  public List<PolledJob> orphans(Predicate<JobOwner> wanted) {
    return jobs.stream().filter(PolledJob::live).filter(job -> !wanted.test(job.owner())).toList();
  }

  /** Whose jobs came, went or look different since an earlier list. */
  public Set<JobOwner> changedSince(PolledJobs before) {
    Map<String, PolledJob> now = byName();
    Map<String, PolledJob> then = before.byName();
    return Stream.concat(
            jobs.stream().filter(job -> !job.equals(then.get(job.name()))),
            before.jobs().stream().filter(job -> !now.containsKey(job.name())))
        .map(PolledJob::owner)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Map<String, PolledJob> byName() {
    return jobs.stream()
        .collect(Collectors.toMap(PolledJob::name, Function.identity(), (one, _) -> one));
  }
}
