package io.fashionmnist.training.operator.backend.vertex;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.JobState;
import com.google.protobuf.util.Timestamps;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An installation's custom jobs in one region, as one list showed them. Pure.
 *
 * @param at when the list was asked for: what was created before is in it, unless the list lags
 * @param jobs of each attempt, the oldest first; there should be one
 */
record RegionView(Instant at, Map<JobOwner, List<CustomJob>> jobs) {
  private static final Set<JobState> OVER =
      Set.of(
          JobState.JOB_STATE_SUCCEEDED,
          JobState.JOB_STATE_FAILED,
          JobState.JOB_STATE_CANCELLED,
          JobState.JOB_STATE_PAUSED,
          JobState.JOB_STATE_EXPIRED,
          JobState.JOB_STATE_PARTIALLY_SUCCEEDED);

  RegionView {
    jobs = Map.copyOf(jobs);
  }

  /** Sorts a list by whose the jobs are; others' are left out. */
  static RegionView of(Instant at, String installation, List<CustomJob> listed) {
    Map<JobOwner, List<CustomJob>> jobs = new HashMap<>();
    listed.stream()
        .sorted(
            Comparator.comparing(CustomJob::getCreateTime, Timestamps.comparator())
                .thenComparing(CustomJob::getName))
        .forEach(
            job ->
                JobLabels.owner(installation, job.getLabelsMap())
                    .ifPresent(
                        owner ->
                            jobs.merge(
                                owner,
                                List.of(job),
                                (first, more) ->
                                    Stream.concat(first.stream(), more.stream()).toList())));
    return new RegionView(at, jobs);
  }

  /** The job of an attempt: the oldest, which the others are duplicates of. */
  Optional<CustomJob> job(JobOwner owner) {
    return jobs.getOrDefault(owner, List.of()).stream().findFirst();
  }

  /** Live jobs beside an attempt's first: to be cancelled. */
  List<CustomJob> duplicates() {
    return jobs.values().stream()
        .flatMap(each -> each.stream().skip(1))
        .filter(RegionView::live)
        .toList();
  }

  /** Whose jobs are live. */
  Set<JobOwner> living() {
    return jobs.entrySet().stream()
        .filter(each -> each.getValue().stream().anyMatch(RegionView::live))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The attempts that a later view shows otherwise. */
  Set<JobOwner> changed(RegionView later) {
    Set<JobOwner> all = new HashSet<>(jobs.keySet());
    all.addAll(later.jobs.keySet());
    all.removeIf(owner -> jobs.get(owner) != null && jobs.get(owner).equals(later.jobs.get(owner)));
    return all;
  }

  static boolean live(CustomJob job) {
    return !OVER.contains(job.getState());
  }
}
