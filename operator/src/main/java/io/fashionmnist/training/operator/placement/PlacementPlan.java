package io.fashionmnist.training.operator.placement;

import io.fashionmnist.training.api.v1alpha1.DataSpec;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.Eligibility;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ResolvedPlacement;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.TrackingSpec;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.config.VertexSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The placements of one job in their order, those left out told with the reason.
 *
 * @param image the trainer's image in the cluster
 * @param vertexImage the trainer's image on Vertex AI
 * @param ownTrainer whether that is the operator's own trainer
 * @param output folder of the job's results, if there is one
 * @param tracking the experiment that the job is tracked in, with the operator's defaults
 * @param eligible where the job may run, in order
 * @param all every placement of the list, as the status shows it
 * @param refusal why the job can run nowhere, if that is so
 */
public record PlacementPlan(
    String image,
    String vertexImage,
    boolean ownTrainer,
    Optional<String> output,
    Optional<TrackingSpec> tracking,
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
    Optional<String> data = Optional.ofNullable(spec.data()).map(DataSpec::uri);
    Optional<TrackingSpec> tracking =
        Optional.ofNullable(spec.tracking()).map(own -> resolved(own, settings.vertex()));
    List<Placement> eligible = new ArrayList<>();
    List<ResolvedPlacement> all = new ArrayList<>();
    Optional<Tenant> tenant = settings.tenant(namespace);
    TenantPolicy policy =
        new TenantPolicy(
            namespace, tenant.orElse(Tenant.everyone()), settings.vertex().defaultServiceAccount());
    for (Placement resolved : listed(job, settings)) {
      Optional<Refusal> obstacle =
          switch (resolved.backend()) {
            case CLUSTER -> Optional.empty();
            case VERTEX ->
                policy.obstacle(
                    spec, resolved.vertex(), image.orElseGet(() -> vertexImage(settings)), output);
          };
      if (obstacle.isEmpty()) {
        eligible.add(resolved);
      }
      all.add(
          new ResolvedPlacement(
              resolved.name(),
              resolved.backend(),
              obstacle.isEmpty() ? Eligibility.ELIGIBLE : Eligibility.SKIPPED,
              obstacle.map(Refusal::reason).orElse(null),
              obstacle.map(Refusal::message).orElse(null)));
    }
    return new PlacementPlan(
        image.orElse(settings.trainer().image()),
        image.orElseGet(() -> vertexImage(settings)),
        image.isEmpty(),
        output,
        tracking,
        List.copyOf(eligible),
        List.copyOf(all),
        refusal(image, output, data, eligible, namespace, tenant)
            .or(() -> tracking.filter(_ -> image.isEmpty()).flatMap(PlacementPlan::untrackable)));
  }

  private static TrackingSpec resolved(TrackingSpec own, VertexSettings settings) {
    return new TrackingSpec(
        own.project() == null ? settings.defaultProject().orElse(null) : own.project(),
        own.location() == null ? settings.defaultRegion().orElse(null) : own.location(),
        own.experiment(),
        own.tensorboard());
  }

  private static Optional<Refusal> untrackable(TrackingSpec tracking) {
    return tracking.project() == null || tracking.location() == null
        ? refuse(
            "TrackingIncomplete",
            "set spec.tracking.project and spec.tracking.location: the operator has no default for"
                + " %s",
            tracking.project() == null ? "the project" : "the location")
        : Optional.empty();
  }

  /**
   * A job's own placements, or the operator's, with the operator's defaults where they are silent;
   * also those that the job may not use.
   */
  public static List<Placement> listed(FashionTrainingJob job, OperatorSettings settings) {
    List<Placement> own = job.getSpec().placements();
    return (own.isEmpty() ? settings.placements() : own)
        .stream().map(placement -> resolved(placement, settings.vertex())).toList();
  }

  private static String vertexImage(OperatorSettings settings) {
    return settings.vertex().trainerImage().orElse(settings.trainer().image());
  }

  /** With the operator's defaults where the placement is silent. */
  private static Placement resolved(Placement placement, VertexSettings settings) {
    VertexPlacement own = placement.vertex();
    return own == null
        ? placement
        : new Placement(
            placement.name(),
            placement.maxQueueDuration(),
            new VertexPlacement(
                own.project() == null ? settings.defaultProject().orElse(null) : own.project(),
                own.region() == null ? settings.defaultRegion().orElse(null) : own.region(),
                own.machineType(),
                own.acceleratorType(),
                own.acceleratorCount(),
                own.bootDiskSizeGb(),
                own.strategy(),
                own.serviceAccount() == null
                    ? settings.defaultServiceAccount().orElse(null)
                    : own.serviceAccount(),
                own.network(),
                own.labels(),
                own.outputUri()),
            null);
  }

  private static Optional<Refusal> refusal(
      Optional<String> image,
      Optional<String> output,
      Optional<String> data,
      List<Placement> eligible,
      String namespace,
      Optional<Tenant> tenant) {
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
    boolean needed =
        eligible.stream()
            .anyMatch(each -> each.vertex() == null || each.vertex().outputUri() == null);
    if (output.isEmpty() && needed) {
      return refuse(
          "OutputRequired",
          "set spec.output.uri to gs://bucket/prefix or pvc://claim/path: the operator has no"
              + " default output");
    }
    Optional<Refusal> bucket =
        notAllowed("output", output, tenant.get()).or(() -> notAllowed("data", data, tenant.get()));
    if (bucket.isPresent()) {
      return bucket;
    }
    if (eligible.isEmpty()) {
      return refuse(
          "NoPlacement", "every placement is left out; status.resolvedPlacements says why");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> notAllowed(String what, Optional<String> uri, Tenant tenant) {
    return uri.flatMap(PlacementPlan::bucket)
        .filter(bucket -> !Tenant.matches(tenant.buckets(), bucket))
        .flatMap(
            bucket ->
                refuse(
                    "BucketNotAllowed",
                    "%s bucket %s is not allowed in this namespace; allowed: %s",
                    what,
                    bucket,
                    String.join(", ", tenant.buckets())));
  }

  /** The bucket of a gs:// URI. */
  static Optional<String> bucket(String uri) {
    return uri.startsWith("gs://")
        ? Optional.of(uri.substring(5).split("/", 2)[0])
        : Optional.empty();
  }

  private static Optional<Refusal> refuse(String reason, String message, Object... values) {
    return Optional.of(new Refusal(reason, message.formatted(values)));
  }

  /** Folder of the job's results on a placement, without a slash at its end. */
  public Optional<String> outputOf(Placement placement) {
    return placement.vertex() == null
        ? output
        : Optional.ofNullable(placement.vertex().outputUri())
            .map(uri -> uri.replaceAll("/+$", ""))
            .or(() -> output);
  }

  /** The eligible placement of that name, if it is still in the list. */
  public Optional<Placement> named(String name) {
    return eligible.stream().filter(placement -> placement.name().equals(name)).findFirst();
  }

  /** That placement and those after it; all when it is gone from the list. */
  public List<Placement> from(String name) {
    int index = index(name);
    return index < 0 ? eligible : eligible.subList(index, eligible.size());
  }

  /** The placements after that one; none when it is the last, or is gone from the list. */
  public List<Placement> after(String name) {
    int index = index(name);
    return index < 0 ? List.of() : eligible.subList(index + 1, eligible.size());
  }

  private int index(String name) {
    return IntStream.range(0, eligible.size())
        .filter(each -> eligible.get(each).name().equals(name))
        .findFirst()
        .orElse(-1);
  }
}
