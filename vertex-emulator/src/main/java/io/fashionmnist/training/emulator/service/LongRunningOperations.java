package io.fashionmnist.training.emulator.service;

import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.DeleteOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.ListOperationsResponse;
import com.google.longrunning.Operation;
import com.google.longrunning.OperationsGrpc;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.Empty;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.fault.Call;
import io.fashionmnist.training.emulator.job.Location;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** {@code google.longrunning.Operations} of all services. */
public final class LongRunningOperations extends OperationsGrpc.OperationsImplBase {
  private final CallDesk desk;
  private final OperationLog operations;

  /** With where calls pass and where operations are kept. */
  public LongRunningOperations(CallDesk desk, OperationLog operations) {
    this.desk = desk;
    this.operations = operations;
  }

  @Override
  public void getOperation(GetOperationRequest request, StreamObserver<Operation> out) {
    answer("GetOperation", request.getName(), out, () -> find(request.getName()));
  }

  @Override
  public void waitOperation(WaitOperationRequest request, StreamObserver<Operation> out) {
    answer("WaitOperation", request.getName(), out, () -> find(request.getName()));
  }

  @Override
  public void listOperations(
      ListOperationsRequest request, StreamObserver<ListOperationsResponse> out) {
    answer(
        "ListOperations",
        request.getName() + "/operations/-",
        out,
        () ->
            ListOperationsResponse.newBuilder()
                .addAllOperations(operations.list(request.getName()))
                .build());
  }

  @Override
  public void cancelOperation(CancelOperationRequest request, StreamObserver<Empty> out) {
    answer(
        "CancelOperation",
        request.getName(),
        out,
        () -> {
          find(request.getName());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void deleteOperation(DeleteOperationRequest request, StreamObserver<Empty> out) {
    answer(
        "DeleteOperation",
        request.getName(),
        out,
        () -> {
          if (!operations.remove(request.getName())) {
            throw ApiException.notFound("Operation does not exist.");
          }
          return Empty.getDefaultInstance();
        });
  }

  private Operation find(String name) {
    return operations
        .get(name)
        .orElseThrow(() -> ApiException.notFound("Operation does not exist."));
  }

  private <T> void answer(String method, String name, StreamObserver<T> out, Supplier<T> work) {
    Requests.parse(
        out,
        () -> Location.parse(name.replaceFirst("/operations/[^/]*$", "")),
        location ->
            desk.answer(
                new Call(method, location.project(), location.region()), out, _ -> work.get()));
  }
}
