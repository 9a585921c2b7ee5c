package io.fashionmnist.training.operator.registry;

import com.google.cloud.aiplatform.v1.Model;
import com.google.cloud.aiplatform.v1.ModelContainerSpec;
import com.google.cloud.aiplatform.v1.UploadModelRequest;
import io.fashionmnist.training.operator.backend.vertex.JobLabels;
import io.fashionmnist.training.operator.backend.vertex.JobOwner;
import io.fashionmnist.training.operator.backend.vertex.VertexRegion;
import java.util.Optional;

/**
 * The upload of an attempt's model: a pure function of the plan and of whose it is. Its labels say
 * which attempt it is of; they are all that it is found by.
 *
 * @see <a
 *     href="https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.models/upload">models.upload</a>
 */
final class ModelUpload {
  private ModelUpload() {}

  /**
   * The request.
   *
   * @param origin the installation, in its cluster
   * @param modelExists whether this is another version of a model, or the first of a new one
   */
  static UploadModelRequest request(
      String origin, JobOwner owner, RegistryPlan plan, boolean modelExists) {
    var spec = plan.spec();
    var model =
        Model.newBuilder()
            .setDisplayName(Optional.ofNullable(spec.displayName()).orElse(spec.modelId()))
            .setVersionDescription(description(owner, plan))
            .setArtifactUri(plan.model().uri())
            .setContainerSpec(ModelContainerSpec.newBuilder().setImageUri(plan.servingImage()))
            .putAllLabels(JobLabels.of(origin, owner));
    var request =
        UploadModelRequest.newBuilder()
            .setParent(new VertexRegion(plan.project(), plan.region()).parent())
            .setModel(model);
    return modelExists
        ? request.setParentModel(plan.modelName()).build()
        : request.setModelId(spec.modelId()).build();
  }

  private static String description(JobOwner owner, RegistryPlan plan) {
    String text =
        "%s/%s, attempt %d on %s"
            .formatted(
                owner.namespace(), owner.name(), owner.attempt(), plan.attempt().placement());
    return text
        + plan.report()
            .flatMap(report -> Optional.ofNullable(report.test()))
            .flatMap(test -> Optional.ofNullable(test.accuracy()))
            .map(": test accuracy %s"::formatted)
            .orElse("");
  }
}
