package io.fashionmnist.training.emulator.service;

import io.fashionmnist.training.emulator.error.ApiException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads the name in a request, or answers that it is none. */
final class Requests {
  private Requests() {}

  static <N> void parse(StreamObserver<?> out, Supplier<N> name, Consumer<N> call) {
    N parsed;
    try {
      parsed = name.get();
    } catch (ApiException e) {
      out.onError(StatusProto.toStatusRuntimeException(e.status()));
      return;
    }
    call.accept(parsed);
  }
}
