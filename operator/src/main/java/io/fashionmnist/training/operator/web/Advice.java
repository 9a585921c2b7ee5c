package io.fashionmnist.training.operator.web;

import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.backend.Prospect;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.quota.Limit;
import io.fashionmnist.training.operator.quota.QuotaState;
import java.util.List;
import java.util.Optional;

/** What would open a placement that is shut, where its message does not say so already. Pure. */
final class Advice {
  private static final String CONSOLE =
      "https://console.cloud.google.com/iam-admin/quotas?project=%s";

  private Advice() {}

  static Optional<String> of(Placement placement, Prospect prospect) {
    return prospect.admission() instanceof Admission.Shut(String reason, _, List<String> metrics)
        ? shut(reason, metrics, placement.vertex(), prospect)
        : Optional.empty();
  }

  private static Optional<String> shut(
      String reason, List<String> metrics, VertexPlacement vertex, Prospect prospect) {
    return switch (reason) {
      case "QuotaTooSmall" ->
          Optional.of(
              "%s; or ask for more at %s"
                  .formatted(
                      smaller(metrics.getFirst(), prospect), CONSOLE.formatted(vertex.project())));
      case "QuotaExhausted" ->
          Optional.of(
              "wait until then, take another region, machine family or strategy, which have quotas"
                  + " of their own, or ask for more at "
                  + CONSOLE.formatted(vertex.project()));
      case "Stockout" -> Optional.of("wait until then, or take another machine type or region");
      default -> Optional.empty();
    };
  }

  private static String smaller(String metric, Prospect prospect) {
    Optional<Long> limit =
        prospect.needs().stream()
            .filter(need -> need.metric().equals(metric))
            .flatMap(need -> need.known().map(QuotaState::limit).stream())
            .flatMap(
                known ->
                    known instanceof Limit.Of(long most)
                        ? java.util.stream.Stream.of(most)
                        : java.util.stream.Stream.empty())
            .findFirst();
    boolean cpus = metric.endsWith("_cpus");
    return cpus && limit.filter(most -> most > 0).isPresent()
        ? "take a machine of %d CPUs at most, or another region, machine family or strategy"
            .formatted(limit.get())
        : "take another region, machine family or strategy, which have quotas of their own";
  }
}
