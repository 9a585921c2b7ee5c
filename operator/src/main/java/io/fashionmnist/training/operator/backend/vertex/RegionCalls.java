package io.fashionmnist.training.operator.backend.vertex;

import com.google.api.gax.grpc.GrpcCallContext;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.UnaryCallable;
import com.google.rpc.Code;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Calls to a service that each region has of its own: each has a deadline and blocks its caller, a
 * few at a time in each region. Whatever fails is a {@link VertexCallException}.
 */
public final class RegionCalls {
  private static final int CALLS_AT_ONCE = 8;

  private final VertexErrors errors = new VertexErrors();
  private final ConcurrentHashMap<VertexRegion, Semaphore> turns = new ConcurrentHashMap<>();

  /**
   * Makes a call.
   *
   * @param time for all of it, waiting for a turn included
   * @param method is asked for only when it is this call's turn
   */
  public <Q, A> A call(
      VertexRegion region, Duration time, Q request, Supplier<UnaryCallable<Q, A>> method) {
    long end = System.nanoTime() + time.toNanos();
    Semaphore turn = turns.computeIfAbsent(region, _ -> new Semaphore(CALLS_AT_ONCE));
    acquire(turn, region, time);
    try {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (!left.isPositive()) {
        throw noTurn(region);
      }
      var context = GrpcCallContext.createDefault().withTimeoutDuration(left);
      return method.get().call(request, context);
    } catch (ApiException e) {
      throw failed(e);
    } catch (UncheckedIOException e) {
      throw new VertexCallException(
          new VertexFailure.Permission(
              "give the operator's pod Google credentials: bind its Kubernetes service account to a"
                  + " Google one (roles/iam.workloadIdentityUser)",
              OneLine.of(String.valueOf(e.getCause().getMessage()))),
          false,
          e);
    } finally {
      turn.release();
    }
  }

  private static void acquire(Semaphore turn, VertexRegion region, Duration time) {
    try {
      if (!turn.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw noTurn(region);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VertexCallException(
          new VertexFailure.ServiceFault("interrupted before the call"), false, e);
    }
  }

  private static VertexCallException noTurn(VertexRegion region) {
    return new VertexCallException(
        new VertexFailure.ServiceFault(
            "%s is slow: the calls before this one took all its time".formatted(region.parent())),
        false,
        null);
  }

  private VertexCallException failed(ApiException e) {
    Code code = Code.valueOf(e.getStatusCode().getCode().name());
    Throwable told = e.getCause() == null ? e : e.getCause();
    VertexFailure failure =
        errors.classify(
            VertexSignal.ofCall(
                code, String.valueOf(told.getMessage()), Optional.ofNullable(e.getReason())));
    boolean unknown =
        switch (code) {
          case DEADLINE_EXCEEDED, UNAVAILABLE, INTERNAL, CANCELLED, UNKNOWN, ABORTED -> true;
          case OK,
              INVALID_ARGUMENT,
              NOT_FOUND,
              ALREADY_EXISTS,
              PERMISSION_DENIED,
              UNAUTHENTICATED,
              RESOURCE_EXHAUSTED,
              FAILED_PRECONDITION,
              OUT_OF_RANGE,
              UNIMPLEMENTED,
              DATA_LOSS,
              UNRECOGNIZED ->
              false;
        };
    return new VertexCallException(failure, unknown, e);
  }

  /** What a call answers, unless it says that there is no such thing. */
  public static <A> Optional<A> unlessGone(Supplier<A> call) {
    try {
      return Optional.of(call.get());
    } catch (VertexCallException e) {
      if (e.getCause() instanceof ApiException cause
          && Code.valueOf(cause.getStatusCode().getCode().name()) == Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
