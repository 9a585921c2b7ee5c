package io.fashionmnist.training.operator.backend;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What our own trainer is told for its page, the same on either backend: whose run it is, and what
 * became of the attempts before.
 */
public final class ReportArguments {
  /** A job may have had more; the last ones say why this one is where it is. */
  private static final int MOST_ATTEMPTS = 20;

  private ReportArguments() {}

  /** Options of the trainer's command line. */
  public static List<String> of(FashionTrainingJob job, Attempt attempt) {
    List<String> all = new ArrayList<>();
    all.add("--label=job=" + job.getMetadata().getNamespace() + "/" + job.getMetadata().getName());
    all.add("--label=backend=" + attempt.backend().text());
    all.add("--label=placement=" + attempt.placement());
    List<Attempt> earlier =
        job.currentStatus().attempts().stream()
            .filter(each -> each.number() < attempt.number())
            .toList();
    earlier.stream()
        .skip(Math.max(0, earlier.size() - MOST_ATTEMPTS))
        .map(ReportArguments::earlier)
        .forEach(all::add);
    return all;
  }

  private static String earlier(Attempt attempt) {
    return "--earlier-attempt=%d,%s,%s,%s"
        .formatted(
            attempt.number(),
            attempt.placement(),
            attempt.state().text(),
            Optional.ofNullable(attempt.reason()).orElse(""));
  }
}
