package io.fashionmnist.training.operator.backend.vertex;

/** A call that did not do what was asked for. */
public final class VertexCallException extends RuntimeException {
  private final transient VertexFailure failure;
  private final boolean outcomeUnknown;

  public VertexCallException(VertexFailure failure, boolean outcomeUnknown, Throwable cause) {
    super(failure.reason() + ": " + failure.message(), cause);
    this.failure = failure;
    this.outcomeUnknown = outcomeUnknown;
  }

  /** What it means. */
  public VertexFailure failure() {
    return failure;
  }

  /** Whether it may have been done all the same: after a create, look before creating again. */
  public boolean outcomeUnknown() {
    return outcomeUnknown;
  }
}
