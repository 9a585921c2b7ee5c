package io.fashionmnist.training.operator.placement;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.Eligibility;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ResolvedPlacement;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The placements of one job in their order, those left out told with the reason.
 *
 * @param image the trainer's image
 * @param ownTrainer whether that is the operator's own trainer
 * @param output folder of the job's results, if there is one
 * @param eligible where the job may run, in order
 * @param all every placement of the list, as the status shows it
 * @param refusal why the job can run nowhere, if that is so
 */
public record PlacementPlan(
    String image,
    boolean ownTrainer,
    Optional<String> output,
    List<Placement> eligible,
    List<ResolvedPlacement> all,
    Optional<Refusal> refusal) {

  /** Why a job can't run: a word for programs, a sentence for people. */
  public record Refusal(String reason, String message) {}

  /** Makes the plan of a job. */
  public static PlacementPlan of(FashionTrainingJob job, OperatorSettings settings) {
    var spec = job.getSpec();
    String namespace = job.getMetadata().getNamespace();
    Optional<String> image = Optional.ofNullable(spec.trainer().image());
    Optional<String> output =
        spec.output() == null
            ? settings.output().defaultUri()
            : Optional.of(spec.output().uri().replaceAll("/+$", ""));
    List<Placement> placements =
        spec.placements().isEmpty() ? settings.placements() : spec.placements();
    List<Placement> eligible = new ArrayList<>();
    List<ResolvedPlacement> all = new ArrayList<>();
    for (Placement placement : placements) {
      Optional<Refusal> obstacle = obstacle(placement, namespace);
      if (obstacle.isEmpty()) {
        eligible.add(placement);
      }
      all.add(
          new ResolvedPlacement(
              placement.name(),
              placement.backend(),
              obstacle.isEmpty() ? Eligibility.ELIGIBLE : Eligibility.SKIPPED,
              obstacle.map(Refusal::reason).orElse(null),
              obstacle.map(Refusal::message).orElse(null)));
    }
    return new PlacementPlan(
        image.orElse(settings.trainer().image()),
        image.isEmpty(),
        output,
        List.copyOf(eligible),
        List.copyOf(all),
        refusal(image, output, eligible, namespace, settings));
  }

  private static Optional<Refusal> obstacle(Placement placement, String namespace) {
    return switch (placement.backend()) {
      case CLUSTER -> Optional.empty();
      case VERTEX ->
          Optional.of(
              new Refusal(
                  "VertexUnavailable",
                  "this operator allows namespace %s no project on Vertex AI"
                      .formatted(namespace)));
    };
  }

  private static Optional<Refusal> refusal(
      Optional<String> image,
      Optional<String> output,
      List<Placement> eligible,
      String namespace,
      OperatorSettings settings) {
    Optional<Tenant> tenant =
        settings.tenants().stream()
            .filter(each -> Tenant.matches(each.namespaces(), namespace))
            .findFirst();
    if (tenant.isEmpty()) {
      return refuse(
          "NamespaceNotAllowed",
          "the operator's settings allow no training in namespace %s: ask whoever runs it to add a"
              + " tenant",
          namespace);
    }
    if (image.isPresent() && !Tenant.matches(tenant.get().images(), image.get())) {
      return refuse(
          "ImageNotAllowed",
          "trainer.image %s is not allowed in this namespace; allowed: %s",
          image.get(),
          String.join(", ", tenant.get().images()));
    }
    if (output.isEmpty()) {
      return refuse(
          "OutputRequired",
          "set spec.output.uri to gs://bucket/prefix or pvc://claim/path: the operator has no"
              + " default output");
    }
    Optional<String> bucket = bucket(output.get());
    if (bucket.isPresent() && !Tenant.matches(tenant.get().buckets(), bucket.get())) {
      return refuse(
          "BucketNotAllowed",
          "output bucket %s is not allowed in this namespace; allowed: %s",
          bucket.get(),
          String.join(", ", tenant.get().buckets()));
    }
    if (eligible.isEmpty()) {
      return refuse(
          "NoPlacement", "every placement is left out; status.resolvedPlacements says why");
    }
    return Optional.empty();
  }

  private static Optional<String> bucket(String uri) {
    return uri.startsWith("gs://")
        ? Optional.of(uri.substring(5).split("/", 2)[0])
        : Optional.empty();
  }

  private static Optional<Refusal> refuse(String reason, String message, Object... values) {
    return Optional.of(new Refusal(reason, message.formatted(values)));
  }

  /** The eligible placement of that name, if it is still in the list. */
  public Optional<Placement> named(String name) {
    return eligible.stream().filter(placement -> placement.name().equals(name)).findFirst();
  }

  /** The eligible placement after that one; none when it was the last, or is gone from the list. */
  public Optional<Placement> after(String name) {
    return IntStream.range(0, eligible.size() - 1)
        .filter(index -> eligible.get(index).name().equals(name))
        .mapToObj(index -> eligible.get(index + 1))
        .findFirst();
  }
}
