package io.fashionmnist.training.operator.placement;

import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobSpec;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.placement.PlacementPlan.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What keeps a job from a placement on Vertex AI whatever the quota: the namespace's allow-list,
 * and what a machine there cannot reach.
 *
 * @param namespace the job's
 * @param tenant what its jobs may use
 * @param defaultServiceAccount the operator's own account for jobs, which is always allowed
 */
record TenantPolicy(String namespace, Tenant tenant, Optional<String> defaultServiceAccount) {
  private static final Pattern SERVICE_ACCOUNT =
      Pattern.compile("[a-z0-9][a-z0-9-]*@[a-z0-9.-]+\\.gserviceaccount\\.com");
  private static final Pattern IMAGE =
      Pattern.compile(
          "[a-z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:[0-9]+)?(/[a-z0-9._-]+)*"
              + "(:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?");

  /**
   * The first thing in the way.
   *
   * @param placement with the operator's defaults filled in
   * @param image the trainer's image there
   * @param output folder of the job's results, if there is one
   */
  Optional<Refusal> obstacle(
      FashionTrainingJobSpec spec,
      VertexPlacement placement,
      String image,
      Optional<String> output) {
    return Stream.of(
            allowed(placement),
            location(placement),
            account(placement),
            reachable(spec, placement, output),
            accelerator(spec, placement),
            image(image))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<Refusal> allowed(VertexPlacement placement) {
    if (tenant.projects().isEmpty() || tenant.regions().isEmpty()) {
      return because(
          "VertexNotAllowed",
          "the operator's settings allow namespace %s no project and region on Vertex AI: ask"
              + " whoever runs it to add them to the namespace's tenant",
          namespace);
    }
    if (placement.project() != null && !Tenant.matches(tenant.projects(), placement.project())) {
      return because(
          "ProjectNotAllowed",
          "project %s is not allowed in namespace %s; allowed: %s",
          placement.project(),
          namespace,
          list(tenant.projects()));
    }
    if (placement.region() != null && !Tenant.matches(tenant.regions(), placement.region())) {
      return because(
          "RegionNotAllowed",
          "region %s is not allowed in namespace %s; allowed: %s",
          placement.region(),
          namespace,
          list(tenant.regions()));
    }
    return Optional.empty();
  }

  private static Optional<Refusal> location(VertexPlacement placement) {
    return placement.project() == null
        ? because("ProjectMissing", "set vertex.project: the operator has no default project")
        : placement.region() == null
            ? because("RegionMissing", "set vertex.region: the operator has no default region")
            : Optional.empty();
  }

  private Optional<Refusal> account(VertexPlacement placement) {
    String account = placement.serviceAccount();
    if (account == null || Optional.of(account).equals(defaultServiceAccount)) {
      return Optional.empty();
    }
    if (!SERVICE_ACCOUNT.matcher(account).matches()) {
      return because(
          "ServiceAccountInvalid",
          "vertex.serviceAccount %s must look like name@project.iam.gserviceaccount.com",
          account);
    }
    return Tenant.matches(tenant.serviceAccounts(), account)
        ? Optional.empty()
        : because(
            "ServiceAccountNotAllowed",
            "service account %s is not allowed in namespace %s; allowed: %s",
            account,
            namespace,
            list(tenant.serviceAccounts()));
  }

  private Optional<Refusal> reachable(
      FashionTrainingJobSpec spec, VertexPlacement placement, Optional<String> output) {
    Optional<String> folder = Optional.ofNullable(placement.outputUri()).or(() -> output);
    Optional<String> bucket = folder.flatMap(PlacementPlan::bucket);
    if (bucket.isEmpty()) {
      return because(
          "OutputNotReachable",
          "Vertex AI can't write to %s: set output.uri, or outputUri of this placement, to"
              + " gs://bucket/prefix in its region",
          folder.orElse("a folder that is not set"));
    }
    if (!Tenant.matches(tenant.buckets(), bucket.get())) {
      return because(
          "BucketNotAllowed",
          "output bucket %s is not allowed in namespace %s; allowed: %s",
          bucket.get(),
          namespace,
          list(tenant.buckets()));
    }
    if (spec.data() != null && spec.data().uri().startsWith("pvc://")) {
      return because(
          "DataNotReachable",
          "Vertex AI can't read %s: put the data into a bucket, or leave this placement out",
          spec.data().uri());
    }
    return spec.trainer().env().stream()
        .filter(variable -> variable.valueFrom() != null)
        .findFirst()
        .flatMap(
            variable ->
                because(
                    "EnvironmentNotReachable",
                    "trainer.env %s comes from this cluster, which Vertex AI can't read: give its"
                        + " value, or leave this placement out",
                    variable.name()));
  }

  private static Optional<Refusal> accelerator(
      FashionTrainingJobSpec spec, VertexPlacement placement) {
    String type = placement.acceleratorType();
    if (type == null) {
      return Optional.empty();
    }
    if (!Accelerators.known(type)) {
      return because(
          "AcceleratorInvalid",
          "vertex.acceleratorType %s is not one of %s",
          type,
          String.join(", ", Accelerators.types()));
    }
    return spec.trainer().image() != null
        ? Optional.empty()
        : because(
            "AcceleratorNotUsed",
            "set trainer.image to one that uses a %s: the operator's own trainer runs on CPUs",
            type);
  }

  private static Optional<Refusal> image(String image) {
    return IMAGE.matcher(image).matches()
        ? Optional.empty()
        : because(
            "ImageInvalid",
            "trainer.image %s must look like region-docker.pkg.dev/project/repository/name:tag",
            image);
  }

  private static String list(List<String> patterns) {
    return patterns.isEmpty() ? "none" : String.join(", ", patterns);
  }

  private static Optional<Refusal> because(String reason, String message, Object... values) {
    return Optional.of(new Refusal(reason, message.formatted(values)));
  }
}
