package io.fashionmnist.training.emulator.service;

import com.google.cloud.aiplatform.v1.BatchCreateTensorboardRunsRequest;
import com.google.cloud.aiplatform.v1.BatchCreateTensorboardRunsResponse;
import com.google.cloud.aiplatform.v1.BatchCreateTensorboardTimeSeriesRequest;
import com.google.cloud.aiplatform.v1.BatchCreateTensorboardTimeSeriesResponse;
import com.google.cloud.aiplatform.v1.BatchReadTensorboardTimeSeriesDataRequest;
import com.google.cloud.aiplatform.v1.BatchReadTensorboardTimeSeriesDataResponse;
import com.google.cloud.aiplatform.v1.CreateTensorboardExperimentRequest;
import com.google.cloud.aiplatform.v1.CreateTensorboardOperationMetadata;
import com.google.cloud.aiplatform.v1.CreateTensorboardRequest;
import com.google.cloud.aiplatform.v1.CreateTensorboardRunRequest;
import com.google.cloud.aiplatform.v1.CreateTensorboardTimeSeriesRequest;
import com.google.cloud.aiplatform.v1.DeleteTensorboardExperimentRequest;
import com.google.cloud.aiplatform.v1.DeleteTensorboardRequest;
import com.google.cloud.aiplatform.v1.DeleteTensorboardRunRequest;
import com.google.cloud.aiplatform.v1.DeleteTensorboardTimeSeriesRequest;
import com.google.cloud.aiplatform.v1.GetTensorboardExperimentRequest;
import com.google.cloud.aiplatform.v1.GetTensorboardRequest;
import com.google.cloud.aiplatform.v1.GetTensorboardRunRequest;
import com.google.cloud.aiplatform.v1.GetTensorboardTimeSeriesRequest;
import com.google.cloud.aiplatform.v1.ListTensorboardExperimentsRequest;
import com.google.cloud.aiplatform.v1.ListTensorboardExperimentsResponse;
import com.google.cloud.aiplatform.v1.ListTensorboardRunsRequest;
import com.google.cloud.aiplatform.v1.ListTensorboardRunsResponse;
import com.google.cloud.aiplatform.v1.ListTensorboardTimeSeriesRequest;
import com.google.cloud.aiplatform.v1.ListTensorboardTimeSeriesResponse;
import com.google.cloud.aiplatform.v1.ListTensorboardsRequest;
import com.google.cloud.aiplatform.v1.ListTensorboardsResponse;
import com.google.cloud.aiplatform.v1.ReadTensorboardTimeSeriesDataRequest;
import com.google.cloud.aiplatform.v1.ReadTensorboardTimeSeriesDataResponse;
import com.google.cloud.aiplatform.v1.Tensorboard;
import com.google.cloud.aiplatform.v1.TensorboardExperiment;
import com.google.cloud.aiplatform.v1.TensorboardRun;
import com.google.cloud.aiplatform.v1.TensorboardServiceGrpc;
import com.google.cloud.aiplatform.v1.TensorboardTimeSeries;
import com.google.cloud.aiplatform.v1.UpdateTensorboardExperimentRequest;
import com.google.cloud.aiplatform.v1.UpdateTensorboardOperationMetadata;
import com.google.cloud.aiplatform.v1.UpdateTensorboardRequest;
import com.google.cloud.aiplatform.v1.UpdateTensorboardRunRequest;
import com.google.cloud.aiplatform.v1.UpdateTensorboardTimeSeriesRequest;
import com.google.cloud.aiplatform.v1.WriteTensorboardExperimentDataRequest;
import com.google.cloud.aiplatform.v1.WriteTensorboardExperimentDataResponse;
import com.google.cloud.aiplatform.v1.WriteTensorboardRunDataRequest;
import com.google.cloud.aiplatform.v1.WriteTensorboardRunDataResponse;
import com.google.longrunning.Operation;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.resource.MessageFields;
import io.fashionmnist.training.emulator.resource.Page;
import io.fashionmnist.training.emulator.resource.ResourceName;
import io.fashionmnist.training.emulator.tensorboard.TensorboardBook;
import io.grpc.stub.StreamObserver;
import java.util.random.RandomGenerator;

/** {@code google.cloud.aiplatform.v1.TensorboardService}: the curves of runs. */
public final class Tensorboards extends TensorboardServiceGrpc.TensorboardServiceImplBase {
  private static final Page.Sizes SIZES = new Page.Sizes(50, 1_000);

  private final ResourceCalls calls;
  private final TensorboardBook book;
  private final RandomGenerator random;

  /** With how calls are answered, where all is kept, and the source of ids. */
  public Tensorboards(ResourceCalls calls, TensorboardBook book, RandomGenerator random) {
    this.calls = calls;
    this.book = book;
    this.random = random;
  }

  @Override
  public void createTensorboard(CreateTensorboardRequest request, StreamObserver<Operation> out) {
    calls.writeAt(
        "CreateTensorboard",
        request.getParent(),
        out,
        parent -> {
          Tensorboard wanted = request.getTensorboard();
          if (wanted.getDisplayName().isEmpty()) {
            throw ApiException.invalidArgument(
                "Required field is not set: tensorboard.display_name");
          }
          String name = parent + "/tensorboards/" + newId();
          book.tensorboards().create(name, wanted);
          if (wanted.getIsDefault()) {
            book.makeDefault(name);
          }
          return calls.done(
              name,
              CreateTensorboardOperationMetadata.newBuilder()
                  .setGenericMetadata(calls.now())
                  .build(),
              book.tensorboards().get(name));
        });
  }

  @Override
  public void getTensorboard(GetTensorboardRequest request, StreamObserver<Tensorboard> out) {
    calls.read(
        "GetTensorboard", () -> tensorboard(request.getName()), out, book.tensorboards()::get);
  }

  @Override
  public void listTensorboards(
      ListTensorboardsRequest request, StreamObserver<ListTensorboardsResponse> out) {
    calls.readAt(
        "ListTensorboards",
        request.getParent(),
        out,
        parent ->
            Lists.answer(
                ListTensorboardsResponse.getDefaultInstance(),
                book.tensorboards()
                    .list(
                        parent + "/tensorboards",
                        Lists.asked(request),
                        new Page.Sizes(100, 100),
                        MessageFields::new)));
  }

  @Override
  public void updateTensorboard(UpdateTensorboardRequest request, StreamObserver<Operation> out) {
    calls.write(
        "UpdateTensorboard",
        () -> tensorboard(request.getTensorboard().getName()),
        out,
        name -> {
          if (book.tensorboards()
              .update(name, request.getTensorboard(), request.getUpdateMask())
              .getIsDefault()) {
            book.makeDefault(name);
          }
          return calls.done(
              name,
              UpdateTensorboardOperationMetadata.newBuilder()
                  .setGenericMetadata(calls.now())
                  .build(),
              book.tensorboards().get(name));
        });
  }

  @Override
  public void deleteTensorboard(DeleteTensorboardRequest request, StreamObserver<Operation> out) {
    calls.delete(
        "DeleteTensorboard",
        () -> tensorboard(request.getName()),
        out,
        name -> book.delete(book.tensorboards().get(name).getName()));
  }

  @Override
  public void createTensorboardExperiment(
      CreateTensorboardExperimentRequest request, StreamObserver<TensorboardExperiment> out) {
    calls.write(
        "CreateTensorboardExperiment",
        () -> tensorboard(request.getParent()),
        out,
        parent ->
            book.experiments()
                .create(
                    book.tensorboards().get(parent).getName()
                        + "/experiments/"
                        + ResourceCalls.id(
                            "tensorboard_experiment_id", request.getTensorboardExperimentId(), 1),
                    request.getTensorboardExperiment()));
  }

  @Override
  public void getTensorboardExperiment(
      GetTensorboardExperimentRequest request, StreamObserver<TensorboardExperiment> out) {
    calls.read(
        "GetTensorboardExperiment",
        () -> experiment(request.getName()),
        out,
        book.experiments()::get);
  }

  @Override
  public void listTensorboardExperiments(
      ListTensorboardExperimentsRequest request,
      StreamObserver<ListTensorboardExperimentsResponse> out) {
    calls.read(
        "ListTensorboardExperiments",
        () -> tensorboard(request.getParent()),
        out,
        parent -> {
          book.tensorboards().get(parent);
          return Lists.answer(
              ListTensorboardExperimentsResponse.getDefaultInstance(),
              book.experiments()
                  .list(parent + "/experiments", Lists.asked(request), SIZES, MessageFields::new));
        });
  }

  @Override
  public void updateTensorboardExperiment(
      UpdateTensorboardExperimentRequest request, StreamObserver<TensorboardExperiment> out) {
    calls.write(
        "UpdateTensorboardExperiment",
        () -> experiment(request.getTensorboardExperiment().getName()),
        out,
        name ->
            book.experiments()
                .update(name, request.getTensorboardExperiment(), request.getUpdateMask()));
  }

  @Override
  public void deleteTensorboardExperiment(
      DeleteTensorboardExperimentRequest request, StreamObserver<Operation> out) {
    calls.delete(
        "DeleteTensorboardExperiment",
        () -> experiment(request.getName()),
        out,
        name -> book.delete(book.experiments().get(name).getName()));
  }

  @Override
  public void createTensorboardRun(
      CreateTensorboardRunRequest request, StreamObserver<TensorboardRun> out) {
    calls.write(
        "CreateTensorboardRun",
        () -> experiment(request.getParent()),
        out,
        parent -> create(parent, request));
  }

  @Override
  public void getTensorboardRun(
      GetTensorboardRunRequest request, StreamObserver<TensorboardRun> out) {
    calls.read("GetTensorboardRun", () -> run(request.getName()), out, book.runs()::get);
  }

  @Override
  public void listTensorboardRuns(
      ListTensorboardRunsRequest request, StreamObserver<ListTensorboardRunsResponse> out) {
    calls.read(
        "ListTensorboardRuns",
        () -> experiment(request.getParent()),
        out,
        parent -> {
          book.experiments().get(parent);
          return Lists.answer(
              ListTensorboardRunsResponse.getDefaultInstance(),
              book.runs().list(parent + "/runs", Lists.asked(request), SIZES, MessageFields::new));
        });
  }

  @Override
  public void updateTensorboardRun(
      UpdateTensorboardRunRequest request, StreamObserver<TensorboardRun> out) {
    calls.write(
        "UpdateTensorboardRun",
        () -> run(request.getTensorboardRun().getName()),
        out,
        name -> book.runs().update(name, request.getTensorboardRun(), request.getUpdateMask()));
  }

  @Override
  public void deleteTensorboardRun(
      DeleteTensorboardRunRequest request, StreamObserver<Operation> out) {
    calls.delete(
        "DeleteTensorboardRun",
        () -> run(request.getName()),
        out,
        name -> book.delete(book.runs().get(name).getName()));
  }

  @Override
  public void createTensorboardTimeSeries(
      CreateTensorboardTimeSeriesRequest request, StreamObserver<TensorboardTimeSeries> out) {
    calls.write(
        "CreateTensorboardTimeSeries",
        () -> run(request.getParent()),
        out,
        parent -> create(parent, request));
  }

  @Override
  public void getTensorboardTimeSeries(
      GetTensorboardTimeSeriesRequest request, StreamObserver<TensorboardTimeSeries> out) {
    calls.read(
        "GetTensorboardTimeSeries", () -> series(request.getName()), out, book.series()::get);
  }

  @Override
  public void listTensorboardTimeSeries(
      ListTensorboardTimeSeriesRequest request,
      StreamObserver<ListTensorboardTimeSeriesResponse> out) {
    calls.read(
        "ListTensorboardTimeSeries",
        () -> run(request.getParent()),
        out,
        parent -> {
          book.runs().get(parent);
          return Lists.answer(
              ListTensorboardTimeSeriesResponse.getDefaultInstance(),
              book.series()
                  .list(parent + "/timeSeries", Lists.asked(request), SIZES, MessageFields::new));
        });
  }

  @Override
  public void updateTensorboardTimeSeries(
      UpdateTensorboardTimeSeriesRequest request, StreamObserver<TensorboardTimeSeries> out) {
    calls.write(
        "UpdateTensorboardTimeSeries",
        () -> series(request.getTensorboardTimeSeries().getName()),
        out,
        name ->
            book.series()
                .update(name, request.getTensorboardTimeSeries(), request.getUpdateMask()));
  }

  @Override
  public void deleteTensorboardTimeSeries(
      DeleteTensorboardTimeSeriesRequest request, StreamObserver<Operation> out) {
    calls.delete(
        "DeleteTensorboardTimeSeries",
        () -> series(request.getName()),
        out,
        name -> book.delete(book.series().get(name).getName()));
  }

  @Override
  public void batchCreateTensorboardRuns(
      BatchCreateTensorboardRunsRequest request,
      StreamObserver<BatchCreateTensorboardRunsResponse> out) {
    calls.write(
        "BatchCreateTensorboardRuns",
        () -> experiment(request.getParent()),
        out,
        parent ->
            BatchCreateTensorboardRunsResponse.newBuilder()
                .addAllTensorboardRuns(
                    request.getRequestsList().stream().map(each -> create(parent, each)).toList())
                .build());
  }

  @Override
  public void batchCreateTensorboardTimeSeries(
      BatchCreateTensorboardTimeSeriesRequest request,
      StreamObserver<BatchCreateTensorboardTimeSeriesResponse> out) {
    calls.write(
        "BatchCreateTensorboardTimeSeries",
        () -> experiment(request.getParent()),
        out,
        parent ->
            BatchCreateTensorboardTimeSeriesResponse.newBuilder()
                .addAllTensorboardTimeSeries(
                    request.getRequestsList().stream()
                        .map(each -> create(within(parent, each.getParent()), each))
                        .toList())
                .build());
  }

  @Override
  public void writeTensorboardRunData(
      WriteTensorboardRunDataRequest request, StreamObserver<WriteTensorboardRunDataResponse> out) {
    calls.write(
        "WriteTensorboardRunData",
        () -> run(request.getTensorboardRun()),
        out,
        run -> {
          book.write(run, request.getTimeSeriesDataList());
          return WriteTensorboardRunDataResponse.getDefaultInstance();
        });
  }

  @Override
  public void writeTensorboardExperimentData(
      WriteTensorboardExperimentDataRequest request,
      StreamObserver<WriteTensorboardExperimentDataResponse> out) {
    calls.write(
        "WriteTensorboardExperimentData",
        () -> experiment(request.getTensorboardExperiment()),
        out,
        experiment -> {
          for (WriteTensorboardRunDataRequest each : request.getWriteRunDataRequestsList()) {
            book.write(within(experiment, each.getTensorboardRun()), each.getTimeSeriesDataList());
          }
          return WriteTensorboardExperimentDataResponse.getDefaultInstance();
        });
  }

  @Override
  public void batchReadTensorboardTimeSeriesData(
      BatchReadTensorboardTimeSeriesDataRequest request,
      StreamObserver<BatchReadTensorboardTimeSeriesDataResponse> out) {
    calls.read(
        "BatchReadTensorboardTimeSeriesData",
        () -> tensorboard(request.getTensorboard()),
        out,
        tensorboard ->
            BatchReadTensorboardTimeSeriesDataResponse.newBuilder()
                .addAllTimeSeriesData(
                    request.getTimeSeriesList().stream()
                        .map(name -> book.read(within(tensorboard, name)))
                        .toList())
                .build());
  }

  /**
   * All points, however many are asked for: the service's own way to thin them out is not known.
   */
  @Override
  public void readTensorboardTimeSeriesData(
      ReadTensorboardTimeSeriesDataRequest request,
      StreamObserver<ReadTensorboardTimeSeriesDataResponse> out) {
    calls.read(
        "ReadTensorboardTimeSeriesData",
        () -> series(request.getTensorboardTimeSeries()),
        out,
        name ->
            ReadTensorboardTimeSeriesDataResponse.newBuilder()
                .setTimeSeriesData(book.read(name))
                .build());
  }

  private TensorboardRun create(String experiment, CreateTensorboardRunRequest request) {
    book.experiments().get(experiment);
    return book.createRun(
        experiment + "/runs",
        ResourceCalls.id("tensorboard_run_id", request.getTensorboardRunId(), 1),
        request.getTensorboardRun());
  }

  private TensorboardTimeSeries create(String run, CreateTensorboardTimeSeriesRequest request) {
    book.runs().get(run);
    String id = request.getTensorboardTimeSeriesId();
    return book.createSeries(
        run + "/timeSeries",
        id.isEmpty() ? newId() : ResourceCalls.id("tensorboard_time_series_id", id, 1),
        request.getTensorboardTimeSeries());
  }

  private String within(String parent, String name) {
    String canonical = ResourceName.canonical(name, calls.projects());
    if (!canonical.startsWith(parent + "/")) {
      throw ApiException.invalidArgument("\"" + name + "\" is not in \"" + parent + "\".");
    }
    return canonical;
  }

  private String newId() {
    return Long.toString(random.nextLong(1_000_000_000_000_000_000L, Long.MAX_VALUE));
  }

  private static ResourceName tensorboard(String name) {
    return ResourceName.parse(name, "tensorboards");
  }

  private static ResourceName experiment(String name) {
    return ResourceName.parse(name, "tensorboards", "experiments");
  }

  private static ResourceName run(String name) {
    return ResourceName.parse(name, "tensorboards", "experiments", "runs");
  }

  private static ResourceName series(String name) {
    return ResourceName.parse(name, "tensorboards", "experiments", "runs", "timeSeries");
  }
}
