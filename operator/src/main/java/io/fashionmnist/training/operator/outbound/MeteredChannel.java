package io.fashionmnist.training.operator.outbound;

import io.fashionmnist.training.operator.metric.OutboundCalls;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;

/** Tells of each call by gRPC when it is over. */
public final class MeteredChannel implements ClientInterceptor {
  private final OutboundCalls calls;

  public MeteredChannel(OutboundCalls calls) {
    this.calls = calls;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    String full = method.getServiceName();
    String service = full.substring(full.lastIndexOf('.') + 1);
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        long begin = System.nanoTime();
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                calls.ended(
                    service,
                    method.getBareMethodName(),
                    status.getCode().name(),
                    Duration.ofNanos(System.nanoTime() - begin));
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }
}
