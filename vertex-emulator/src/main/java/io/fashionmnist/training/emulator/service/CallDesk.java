package io.fashionmnist.training.emulator.service;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.error.ServiceTexts;
import io.fashionmnist.training.emulator.fault.Call;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.fault.FaultPlan;
import io.fashionmnist.training.emulator.job.Projects;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where every call passes: draws its faults, has the work done, counts and answers. */
public final class CallDesk {
  private static final Logger LOG = LoggerFactory.getLogger(CallDesk.class);
  private static final String GLOBAL = "global";

  private final FaultPlan faults;
  private final CallLog log;
  private final Projects projects;
  private final Optional<String> endpointRegion;

  /** With the only region that this endpoint serves, or empty if it serves all. */
  public CallDesk(
      FaultPlan faults, CallLog log, Projects projects, Optional<String> endpointRegion) {
    this.faults = faults;
    this.log = log;
    this.projects = projects;
    this.endpointRegion = endpointRegion;
  }

  /** Answers a call with what the work gives, unless a fault has it otherwise. */
  <T> void answer(Call call, StreamObserver<T> out, Function<List<Fault>, T> work) {
    T result;
    try {
      result = carryOut(call, work);
    } catch (ApiException e) {
      refuse(call, out, e.status());
      return;
    } catch (RuntimeException e) {
      LOG.error("{} failed", call.method(), e);
      refuse(
          call,
          out,
          Status.newBuilder()
              .setCode(Code.INTERNAL_VALUE)
              .setMessage("The emulator failed: " + e)
              .build());
      return;
    }
    log.count(call, "OK");
    out.onNext(result);
    out.onCompleted();
  }

  private <T> T carryOut(Call call, Function<List<Fault>, T> work) {
    if (endpointRegion.isPresent()
        && !call.region().equals(GLOBAL)
        && !call.region().equals(endpointRegion.get())) {
      throw ApiException.invalidArgument(ServiceTexts.wrongEndpoint(endpointRegion.get()));
    }
    List<Fault> drawn = faults.draw(call);
    for (Fault fault : drawn) {
      if (fault.kind() == FaultKind.SLOW) {
        delay(fault);
      }
    }
    for (Fault fault : drawn) {
      CallFaults.before(fault, call, projects.number(call.project())).ifPresent(CallDesk::raise);
    }
    T result = work.apply(drawn);
    for (Fault fault : drawn) {
      CallFaults.after(fault).ifPresent(CallDesk::raise);
    }
    return result;
  }

  private <T> void refuse(Call call, StreamObserver<T> out, Status status) {
    log.count(call, String.valueOf(Code.forNumber(status.getCode())));
    out.onError(StatusProto.toStatusRuntimeException(status));
  }

  private static void raise(ApiException e) {
    throw e;
  }

  private static void delay(Fault fault) {
    try {
      Thread.sleep(fault.delay());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(Code.CANCELLED, "The emulator is ending.");
    }
  }
}
