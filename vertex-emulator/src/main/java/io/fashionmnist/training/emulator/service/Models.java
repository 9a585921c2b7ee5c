package io.fashionmnist.training.emulator.service;

import com.google.cloud.aiplatform.v1.DeleteModelRequest;
import com.google.cloud.aiplatform.v1.DeleteModelVersionRequest;
import com.google.cloud.aiplatform.v1.GetModelEvaluationRequest;
import com.google.cloud.aiplatform.v1.GetModelRequest;
import com.google.cloud.aiplatform.v1.ImportModelEvaluationRequest;
import com.google.cloud.aiplatform.v1.ListModelEvaluationsRequest;
import com.google.cloud.aiplatform.v1.ListModelEvaluationsResponse;
import com.google.cloud.aiplatform.v1.ListModelVersionsRequest;
import com.google.cloud.aiplatform.v1.ListModelVersionsResponse;
import com.google.cloud.aiplatform.v1.ListModelsRequest;
import com.google.cloud.aiplatform.v1.ListModelsResponse;
import com.google.cloud.aiplatform.v1.MergeVersionAliasesRequest;
import com.google.cloud.aiplatform.v1.Model;
import com.google.cloud.aiplatform.v1.ModelEvaluation;
import com.google.cloud.aiplatform.v1.ModelServiceGrpc;
import com.google.cloud.aiplatform.v1.UpdateModelRequest;
import com.google.cloud.aiplatform.v1.UploadModelOperationMetadata;
import com.google.cloud.aiplatform.v1.UploadModelRequest;
import com.google.cloud.aiplatform.v1.UploadModelResponse;
import com.google.longrunning.Operation;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.util.FieldMaskUtil;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.error.ServiceTexts;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.job.BucketLocations;
import io.fashionmnist.training.emulator.job.Location;
import io.fashionmnist.training.emulator.model.ModelBook;
import io.fashionmnist.training.emulator.resource.Page;
import io.fashionmnist.training.emulator.resource.ResourceName;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** {@code google.cloud.aiplatform.v1.ModelService}: the Model Registry. */
public final class Models extends ModelServiceGrpc.ModelServiceImplBase {
  private final ResourceCalls calls;
  private final ModelBook book;
  private final BucketLocations buckets;
  private final RandomGenerator random;

  /** With how calls are answered, where all is kept, where buckets are, and the source of ids. */
  public Models(
      ResourceCalls calls, ModelBook book, BucketLocations buckets, RandomGenerator random) {
    this.calls = calls;
    this.book = book;
    this.buckets = buckets;
    this.random = random;
  }

  @Override
  public void uploadModel(UploadModelRequest request, StreamObserver<Operation> out) {
    calls.start(
        "UploadModel",
        request.getParent(),
        out,
        (parent, faults) -> {
          checkBucket(request);
          Duration lag = delay(faults, FaultKind.OPERATION_LAG);
          Message metadata =
              UploadModelOperationMetadata.newBuilder().setGenericMetadata(calls.now()).build();
          Optional<Fault> failure =
              faults.stream().filter(each -> each.kind() == FaultKind.FAILED).findFirst();
          if (failure.isPresent()) {
            Fault fault = failure.get();
            return calls.failing(
                parent,
                metadata,
                Status.newBuilder()
                    .setCode(fault.code().orElse(Code.INTERNAL).getNumber())
                    .setMessage(fault.message().orElse(ServiceTexts.internalError()))
                    .build(),
                fault.delay().plus(lag));
          }
          UploadModelRequest canonical =
              request.toBuilder()
                  .setParentModel(
                      ResourceName.canonical(request.getParentModel(), calls.projects()))
                  .build();
          Duration hidden = delay(faults, FaultKind.LIST_LAG);
          Model made =
              book.upload(
                  parent,
                  canonical,
                  newId(),
                  calls.later(hidden.compareTo(lag) > 0 ? hidden : lag));
          return calls.done(
              parent,
              metadata,
              UploadModelResponse.newBuilder()
                  .setModel(made.getName())
                  .setModelVersionId(made.getVersionId())
                  .build(),
              lag);
        });
  }

  private void checkBucket(UploadModelRequest request) {
    String uri = request.getModel().getArtifactUri();
    String region = Location.parse(request.getParent()).region();
    if (uri.startsWith("gs://")) {
      buckets
          .of(uri.substring("gs://".length()).split("/", 2)[0])
          .filter(location -> !location.equals(region))
          .ifPresent(
              location -> {
                throw ApiException.failedPrecondition(
                    ServiceTexts.bucketElsewhere(uri, location, region));
              });
    }
  }

  private static Duration delay(List<Fault> faults, FaultKind kind) {
    return faults.stream()
        .filter(fault -> fault.kind() == kind)
        .map(Fault::delay)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  @Override
  public void getModel(GetModelRequest request, StreamObserver<Model> out) {
    calls.read("GetModel", () -> model(request.getName()), out, book::get);
  }

  @Override
  public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> out) {
    var asked =
        new Page.Request(
            request.getFilter(),
            request.getOrderBy(),
            request.getPageSize(),
            request.getPageToken());
    calls.readAt(
        "ListModels",
        request.getParent(),
        out,
        parent -> {
          Page<Model> page = book.list(parent, asked);
          return ListModelsResponse.newBuilder()
              .addAllModels(masked(page.items(), request.getReadMask()))
              .setNextPageToken(page.nextPageToken())
              .build();
        });
  }

  @Override
  public void listModelVersions(
      ListModelVersionsRequest request, StreamObserver<ListModelVersionsResponse> out) {
    var asked =
        new Page.Request(
            request.getFilter(),
            request.getOrderBy(),
            request.getPageSize(),
            request.getPageToken());
    calls.read(
        "ListModelVersions",
        () -> model(request.getName()),
        out,
        name -> {
          Page<Model> page = book.versions(name, asked);
          return ListModelVersionsResponse.newBuilder()
              .addAllModels(masked(page.items(), request.getReadMask()))
              .setNextPageToken(page.nextPageToken())
              .build();
        });
  }

  @Override
  public void updateModel(UpdateModelRequest request, StreamObserver<Model> out) {
    calls.write(
        "UpdateModel",
        () -> model(request.getModel().getName()),
        out,
        name ->
            book.update(
                request.getModel().toBuilder().setName(name).build(), request.getUpdateMask()));
  }

  @Override
  public void mergeVersionAliases(MergeVersionAliasesRequest request, StreamObserver<Model> out) {
    calls.write(
        "MergeVersionAliases",
        () -> model(request.getName()),
        out,
        name -> book.mergeAliases(name, request.getVersionAliasesList()));
  }

  @Override
  public void deleteModel(DeleteModelRequest request, StreamObserver<Operation> out) {
    calls.delete("DeleteModel", () -> model(request.getName()), out, book::delete);
  }

  @Override
  public void deleteModelVersion(DeleteModelVersionRequest request, StreamObserver<Operation> out) {
    calls.delete("DeleteModelVersion", () -> model(request.getName()), out, book::deleteVersion);
  }

  @Override
  public void importModelEvaluation(
      ImportModelEvaluationRequest request, StreamObserver<ModelEvaluation> out) {
    calls.write(
        "ImportModelEvaluation",
        () -> model(request.getParent()),
        out,
        name -> book.importEvaluation(name, request.getModelEvaluation(), newId()));
  }

  @Override
  public void getModelEvaluation(
      GetModelEvaluationRequest request, StreamObserver<ModelEvaluation> out) {
    calls.read(
        "GetModelEvaluation",
        () -> ResourceName.parse(request.getName(), "models", "evaluations"),
        out,
        book::evaluation);
  }

  @Override
  public void listModelEvaluations(
      ListModelEvaluationsRequest request, StreamObserver<ListModelEvaluationsResponse> out) {
    var asked =
        new Page.Request(request.getFilter(), "", request.getPageSize(), request.getPageToken());
    calls.read(
        "ListModelEvaluations",
        () -> model(request.getParent()),
        out,
        name -> {
          Page<ModelEvaluation> page = book.evaluations(name, asked);
          return ListModelEvaluationsResponse.newBuilder()
              .addAllModelEvaluations(masked(page.items(), request.getReadMask()))
              .setNextPageToken(page.nextPageToken())
              .build();
        });
  }

  private static <T extends Message> List<T> masked(List<T> all, FieldMask mask) {
    if (all.isEmpty() || mask.getPathsCount() == 0) {
      return all;
    }
    if (!FieldMaskUtil.isValid(all.getFirst().getClass(), mask)) {
      throw ApiException.invalidArgument("Invalid read_mask: " + FieldMaskUtil.toString(mask));
    }
    return all.stream().map(each -> FieldMaskUtil.trim(mask, each)).toList();
  }

  private String newId() {
    return Long.toString(random.nextLong(1_000_000_000_000_000_000L, Long.MAX_VALUE));
  }

  private static ResourceName model(String name) {
    return ResourceName.parse(name, "models");
  }
}
