package io.fashionmnist.training.emulator.error;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.Status;
import java.util.List;

/** A call that is refused, with the status that the caller gets. */
public final class ApiException extends RuntimeException {
  private final transient Status status;

  /** A refusal without details. */
  public ApiException(Code code, String message) {
    this(code, message, List.of());
  }

  /** A refusal with {@code google.rpc} details, such as an {@code ErrorInfo}. */
  public ApiException(Code code, String message, List<Any> details) {
    super(message);
    this.status =
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(message)
            .addAllDetails(details)
            .build();
  }

  /** The status that goes to the caller. */
  public Status status() {
    return status;
  }

  /** A refusal because of what the caller sent. */
  public static ApiException invalidArgument(String message) {
    return new ApiException(Code.INVALID_ARGUMENT, message);
  }

  /** A refusal because there is no such thing. */
  public static ApiException notFound(String message) {
    return new ApiException(Code.NOT_FOUND, message);
  }

  /** A refusal because of the state that something is in. */
  public static ApiException failedPrecondition(String message) {
    return new ApiException(Code.FAILED_PRECONDITION, message);
  }
}
