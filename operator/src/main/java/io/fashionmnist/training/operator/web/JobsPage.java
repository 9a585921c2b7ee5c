package io.fashionmnist.training.operator.web;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Jobs, the newest first. Of very many only the first by name are there.
 *
 * @param namespace the one that is shown; empty: all
 * @param phases how many jobs are in each phase that any is in
 * @param cut whether there are more than are shown
 */
record JobsPage(String namespace, List<PhaseCount> phases, List<Row> rows, boolean cut) {

  record PhaseCount(String phase, long jobs) {}

  /** A job; what is not known is an empty text. */
  record Row(
      String namespace,
      String name,
      String phase,
      String backend,
      String placement,
      int progress,
      String accuracy,
      String age,
      String why) {}

  static JobsPage of(Optional<String> namespace, JobList list, Instant now) {
    List<FashionTrainingJob> jobs = list.jobs();
    Map<Phase, Long> counts =
        jobs.stream()
            .collect(
                Collectors.groupingBy(job -> phase(job.currentStatus()), Collectors.counting()));
    return new JobsPage(
        namespace.orElse(""),
        Arrays.stream(Phase.values())
            .filter(counts::containsKey)
            .map(phase -> new PhaseCount(phase.text(), counts.get(phase)))
            .toList(),
        jobs.stream()
            .sorted(
                Comparator.comparing(
                        (FashionTrainingJob job) -> job.getMetadata().getCreationTimestamp())
                    .reversed())
            .map(job -> row(job, now))
            .toList(),
        list.cut());
  }

  private static Row row(FashionTrainingJob job, Instant now) {
    FashionTrainingJobStatus status = job.currentStatus();
    return new Row(
        job.getMetadata().getNamespace(),
        job.getMetadata().getName(),
        phase(status).text(),
        Words.of(status.backend()),
        Words.of(status.placement()),
        Words.progress(status),
        Words.accuracy(status.training()),
        Words.age(Instant.parse(job.getMetadata().getCreationTimestamp()), now),
        Words.why(status));
  }

  static Phase phase(FashionTrainingJobStatus status) {
    return status.phase() == null ? Phase.PENDING : status.phase();
  }
}
