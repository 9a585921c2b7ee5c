package io.fashionmnist.training.operator.registry;

import com.google.api.gax.rpc.UnaryCallable;
import com.google.cloud.aiplatform.v1.GetModelRequest;
import com.google.cloud.aiplatform.v1.ImportModelEvaluationRequest;
import com.google.cloud.aiplatform.v1.ListModelEvaluationsRequest;
import com.google.cloud.aiplatform.v1.ListModelVersionsRequest;
import com.google.cloud.aiplatform.v1.MergeVersionAliasesRequest;
import com.google.cloud.aiplatform.v1.Model;
import com.google.cloud.aiplatform.v1.ModelEvaluation;
import com.google.cloud.aiplatform.v1.ModelServiceClient;
import com.google.cloud.aiplatform.v1.UploadModelRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.Operation;
import com.google.protobuf.FieldMask;
import io.fashionmnist.training.operator.backend.vertex.RegionCalls;
import io.fashionmnist.training.operator.backend.vertex.VertexCallException;
import io.fashionmnist.training.operator.backend.vertex.VertexRegion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Vertex AI's ModelService in one region. Each call has a deadline and blocks its caller; whatever
 * fails is a {@link VertexCallException}.
 *
 * @see <a
 *     href="https://github.com/googleapis/googleapis/blob/master/google/cloud/aiplatform/v1/model_service.proto">model_service.proto</a>
 */
final class ModelRegistry {
  private static final Duration CALL_TIME = Duration.ofSeconds(15);
  private static final int PAGE = 100;
  private static final FieldMask LISTED =
      FieldMask.newBuilder().addPaths("name").addPaths("version_id").addPaths("labels").build();

  private final ModelServices services;
  private final RegionCalls calls;
  private final VertexRegion region;

  ModelRegistry(ModelServices services, RegionCalls calls, VertexRegion region) {
    this.services = services;
    this.calls = calls;
    this.region = region;
  }

  /**
   * Sees to it that calls will have credentials.
   *
   * @throws IOException if they won't
   */
  void signIn() throws IOException {
    services.signIn();
  }

  /** The versions of a model that a filter lets through; empty if there is no such model. */
  Optional<List<Model>> versions(String model, String filter) {
    return RegionCalls.unlessGone(
        () -> {
          List<Model> all = new ArrayList<>();
          var request =
              ListModelVersionsRequest.newBuilder()
                  .setName(model)
                  .setFilter(filter)
                  .setPageSize(PAGE)
                  .setReadMask(LISTED);
          do {
            var page =
                call(CALL_TIME, request.build(), ModelServiceClient::listModelVersionsCallable);
            all.addAll(page.getModelsList());
            request.setPageToken(page.getNextPageToken());
          } while (!request.getPageToken().isEmpty());
          return all;
        });
  }

  /**
   * The version that a model's name with an alias or a number means, if there is one.
   *
   * @param name such as {@code projects/p/locations/r/models/m@champion}
   */
  Optional<Model> version(String name) {
    var request = GetModelRequest.newBuilder().setName(name).build();
    return RegionCalls.unlessGone(
        () -> call(CALL_TIME, request, ModelServiceClient::getModelCallable));
  }

  /**
   * Begins to upload a version, once; empty if the model that it should be a version of is gone.
   *
   * @param within how long the call may take, waiting for a turn included
   */
  Optional<Operation> upload(UploadModelRequest request, Duration within) {
    return RegionCalls.unlessGone(
        () -> call(within, request, ModelServiceClient::uploadModelCallable));
  }

  /** An operation as it is now; empty if the service knows none of that name any more. */
  Optional<Operation> operation(String name) {
    var request = GetOperationRequest.newBuilder().setName(name).build();
    return RegionCalls.unlessGone(
        () ->
            call(
                CALL_TIME, request, client -> client.getOperationsClient().getOperationCallable()));
  }

  /** Gives a version aliases, which others lose. */
  void addAliases(String version, List<String> aliases) {
    var request =
        MergeVersionAliasesRequest.newBuilder()
            .setName(version)
            .addAllVersionAliases(aliases)
            .build();
    call(CALL_TIME, request, ModelServiceClient::mergeVersionAliasesCallable);
  }

  /** Imports an evaluation of a version, unless it has one of that name. */
  void addEvaluation(String version, ModelEvaluation evaluation) {
    var list =
        ListModelEvaluationsRequest.newBuilder().setParent(version).setPageSize(PAGE).build();
    boolean there =
        call(CALL_TIME, list, ModelServiceClient::listModelEvaluationsCallable)
            .getModelEvaluationsList()
            .stream()
            .anyMatch(each -> each.getDisplayName().equals(evaluation.getDisplayName()));
    if (!there) {
      var request =
          ImportModelEvaluationRequest.newBuilder()
              .setParent(version)
              .setModelEvaluation(evaluation)
              .build();
      call(CALL_TIME, request, ModelServiceClient::importModelEvaluationCallable);
    }
  }

  private <Q, A> A call(
      Duration time, Q request, Function<ModelServiceClient, UnaryCallable<Q, A>> method) {
    return calls.call(region, time, request, () -> method.apply(services.in(region.region())));
  }
}
