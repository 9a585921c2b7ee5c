package io.fashionmnist.training.emulator.service;

import com.google.cloud.aiplatform.v1.CancelCustomJobRequest;
import com.google.cloud.aiplatform.v1.CreateCustomJobRequest;
import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.DeleteCustomJobRequest;
import com.google.cloud.aiplatform.v1.DeleteOperationMetadata;
import com.google.cloud.aiplatform.v1.GenericOperationMetadata;
import com.google.cloud.aiplatform.v1.GetCustomJobRequest;
import com.google.cloud.aiplatform.v1.JobServiceGrpc;
import com.google.cloud.aiplatform.v1.ListCustomJobsRequest;
import com.google.cloud.aiplatform.v1.ListCustomJobsResponse;
import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import com.google.protobuf.util.FieldMaskUtil;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.fault.Call;
import io.fashionmnist.training.emulator.job.JobName;
import io.fashionmnist.training.emulator.job.JobPage;
import io.fashionmnist.training.emulator.job.JobScheduler;
import io.fashionmnist.training.emulator.job.Location;
import io.fashionmnist.training.emulator.job.Times;
import io.fashionmnist.training.emulator.quota.Demands;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;

/** {@code google.cloud.aiplatform.v1.JobService}, the part about custom jobs. */
public final class CustomJobs extends JobServiceGrpc.JobServiceImplBase {
  private final CallDesk desk;
  private final JobScheduler scheduler;
  private final OperationLog operations;
  private final InstantSource clock;

  /** With where calls pass and where jobs are. */
  public CustomJobs(
      CallDesk desk, JobScheduler scheduler, OperationLog operations, InstantSource clock) {
    this.desk = desk;
    this.scheduler = scheduler;
    this.operations = operations;
    this.clock = clock;
  }

  @Override
  public void createCustomJob(CreateCustomJobRequest request, StreamObserver<CustomJob> out) {
    Requests.parse(
        out,
        () -> Location.parse(request.getParent()),
        parent ->
            desk.answer(
                new Call(
                    "CreateCustomJob",
                    parent.project(),
                    parent.region(),
                    Demands.of(request.getCustomJob().getJobSpec()).amounts().keySet(),
                    request.getCustomJob().getJobSpec().getServiceAccount()),
                out,
                faults -> scheduler.create(parent, request.getCustomJob(), faults)));
  }

  @Override
  public void getCustomJob(GetCustomJobRequest request, StreamObserver<CustomJob> out) {
    Requests.parse(
        out,
        () -> JobName.parse(request.getName()),
        name -> desk.answer(call("GetCustomJob", name), out, _ -> scheduler.get(name)));
  }

  @Override
  public void listCustomJobs(
      ListCustomJobsRequest request, StreamObserver<ListCustomJobsResponse> out) {
    Requests.parse(
        out,
        () -> Location.parse(request.getParent()),
        parent ->
            desk.answer(
                new Call("ListCustomJobs", parent.project(), parent.region()),
                out,
                _ -> list(parent, request)));
  }

  @Override
  public void cancelCustomJob(CancelCustomJobRequest request, StreamObserver<Empty> out) {
    Requests.parse(
        out,
        () -> JobName.parse(request.getName()),
        name ->
            desk.answer(
                call("CancelCustomJob", name),
                out,
                _ -> {
                  scheduler.cancel(name);
                  return Empty.getDefaultInstance();
                }));
  }

  @Override
  public void deleteCustomJob(DeleteCustomJobRequest request, StreamObserver<Operation> out) {
    Requests.parse(
        out,
        () -> JobName.parse(request.getName()),
        name ->
            desk.answer(
                call("DeleteCustomJob", name),
                out,
                _ -> {
                  CustomJob job = scheduler.get(name);
                  scheduler.delete(name);
                  return operations.done(
                      job.getName().substring(0, job.getName().indexOf("/customJobs/")),
                      Any.pack(deletion()),
                      Any.pack(Empty.getDefaultInstance()));
                }));
  }

  private ListCustomJobsResponse list(Location parent, ListCustomJobsRequest request) {
    FieldMask mask = request.getReadMask();
    if (!FieldMaskUtil.isValid(CustomJob.class, mask)) {
      throw ApiException.invalidArgument("Invalid read_mask: " + FieldMaskUtil.toString(mask));
    }
    JobPage page =
        scheduler.list(parent, request.getFilter(), request.getPageSize(), request.getPageToken());
    ListCustomJobsResponse.Builder response =
        ListCustomJobsResponse.newBuilder().setNextPageToken(page.nextPageToken());
    for (CustomJob job : page.jobs()) {
      response.addCustomJobs(mask.getPathsCount() == 0 ? job : FieldMaskUtil.trim(mask, job));
    }
    return response.build();
  }

  private DeleteOperationMetadata deletion() {
    var now = Times.timestamp(clock.instant());
    return DeleteOperationMetadata.newBuilder()
        .setGenericMetadata(
            GenericOperationMetadata.newBuilder().setCreateTime(now).setUpdateTime(now))
        .build();
  }

  private static Call call(String method, JobName name) {
    return new Call(method, name.location().project(), name.location().region());
  }
}
