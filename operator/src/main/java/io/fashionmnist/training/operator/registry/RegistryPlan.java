package io.fashionmnist.training.operator.registry;

import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ModelStatus;
import io.fashionmnist.training.api.v1alpha1.RegistrySpec;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.config.VertexSettings;
import java.util.List;
import java.util.Optional;

/**
 * Where a succeeded job's model is registered, with the operator's defaults filled in, or what is
 * in the way of that.
 *
 * @param project empty only where there is an obstacle; so is the region
 * @param attempt the one that succeeded
 * @param report its report, if it made one
 * @param obstacle why the model is not registered whatever the service says, if that is so
 */
public record RegistryPlan(
    String project,
    String region,
    RegistrySpec spec,
    String servingImage,
    ModelStatus model,
    Attempt attempt,
    Optional<TrainingReport> report,
    Optional<Obstacle> obstacle) {

  /** The word for a bar that nobody knows to be reached. */
  static final String ACCURACY_UNKNOWN = "AccuracyUnknown";

  /** What is in the way: a word for programs, a sentence for people. */
  public record Obstacle(String reason, String message) {}

  /** Makes the plan of a job that {@link FashionTrainingJob#awaitsRegistration()}. */
  public static RegistryPlan of(FashionTrainingJob job, OperatorSettings settings) {
    RegistrySpec spec = job.getSpec().registry();
    FashionTrainingJobStatus status = job.currentStatus();
    VertexSettings vertex = settings.vertex();
    Optional<String> project = Optional.ofNullable(spec.project()).or(vertex::defaultProject);
    Optional<String> region = Optional.ofNullable(spec.location()).or(vertex::defaultRegion);
    Attempt attempt = status.attempts().getLast();
    Optional<TrainingReport> report =
        Optional.ofNullable(status.training()).filter(each -> isOf(each, attempt));
    Tenant tenant = settings.tenant(job.getMetadata().getNamespace()).orElse(Tenant.everyone());
    Optional<Obstacle> obstacle =
        accuracy(spec, report)
            .or(() -> place(status.model()))
            .or(() -> location(project, region))
            .or(
                () ->
                    allowed(
                        job.getMetadata().getNamespace(),
                        tenant,
                        spec,
                        project.orElseThrow(),
                        region.orElseThrow()));
    return new RegistryPlan(
        project.orElse(""),
        region.orElse(""),
        spec,
        Optional.ofNullable(spec.servingImage()).orElse(settings.registry().servingImage()),
        status.model(),
        attempt,
        report,
        obstacle);
  }

  private static Optional<Obstacle> accuracy(RegistrySpec spec, Optional<TrainingReport> report) {
    if (spec.minimumAccuracy() == null || spec.minimumAccuracy() == 0) {
      return Optional.empty();
    }
    Optional<Double> reached =
        report
            .flatMap(each -> Optional.ofNullable(each.test()))
            .flatMap(test -> Optional.ofNullable(test.accuracy()));
    if (reached.isEmpty()) {
      return because(
          ACCURACY_UNKNOWN,
          "the trainer has reported no test accuracy, and spec.registry.minimumAccuracy is %s: leave"
              + " it out, or use a trainer that reports",
          spec.minimumAccuracy());
    }
    return reached.get() >= spec.minimumAccuracy()
        ? Optional.empty()
        : because(
            "AccuracyBelowThreshold",
            "the test accuracy is %s, and spec.registry.minimumAccuracy is %s",
            reached.get(),
            spec.minimumAccuracy());
  }

  private static Optional<Obstacle> place(ModelStatus model) {
    return model.uri().startsWith("gs://")
        ? Optional.empty()
        : because(
            "ModelNotReachable",
            "the model is in %s, which Vertex AI can't read: set spec.output.uri to"
                + " gs://bucket/prefix in a new job, or copy the model into a bucket and upload it"
                + " from there",
            model.uri());
  }

  private static Optional<Obstacle> location(Optional<String> project, Optional<String> region) {
    return project.isEmpty()
        ? because(
            "ProjectMissing", "set spec.registry.project: the operator has no default project")
        : region.isEmpty()
            ? because(
                "RegionMissing", "set spec.registry.location: the operator has no default region")
            : Optional.empty();
  }

  private static Optional<Obstacle> allowed(
      String namespace, Tenant tenant, RegistrySpec spec, String project, String region) {
    if (!Tenant.matches(tenant.projects(), project)) {
      return because(
          "ProjectNotAllowed",
          "project %s of spec.registry is not allowed in namespace %s; allowed: %s",
          project,
          namespace,
          list(tenant.projects()));
    }
    if (!Tenant.matches(tenant.regions(), region)) {
      return because(
          "RegionNotAllowed",
          "region %s of spec.registry is not allowed in namespace %s; allowed: %s",
          region,
          namespace,
          list(tenant.regions()));
    }
    return spec.servingImage() == null || Tenant.matches(tenant.images(), spec.servingImage())
        ? Optional.empty()
        : because(
            "ImageNotAllowed",
            "spec.registry.servingImage %s is not allowed in namespace %s; allowed: %s",
            spec.servingImage(),
            namespace,
            list(tenant.images()));
  }

  private static String list(List<String> patterns) {
    return patterns.isEmpty() ? "none" : String.join(", ", patterns);
  }

  private static Optional<Obstacle> because(String reason, String message, Object... values) {
    return Optional.of(new Obstacle(reason, message.formatted(values)));
  }

  /** Whether a report is the attempt's. */
  boolean mine(TrainingReport other) {
    return isOf(other, attempt);
  }

  private static boolean isOf(TrainingReport report, Attempt attempt) {
    return report.attempt() == null || report.attempt().equals(attempt.number());
  }

  /** Whether the attempt's bucket may have test results that the status lacks. */
  boolean reportMayBeInTheBucket() {
    return report.map(TrainingReport::test).isEmpty()
        && attempt.outputUri() != null
        && attempt.outputUri().startsWith("gs://");
  }

  /** The model's name as it is asked for, with the project as it is configured. */
  public String modelName() {
    return "projects/%s/locations/%s/models/%s".formatted(project, region, spec.modelId());
  }
}
