package io.fashionmnist.training.operator.backend.vertex;

import com.google.rpc.Code;
import com.google.rpc.Status;
import java.util.Optional;

/**
 * What the service said of a failure.
 *
 * @param message in its words
 * @param reason of an <a href="https://google.aip.dev/193">ErrorInfo</a>, if one came
 */
public record VertexSignal(Code code, String message, Optional<String> reason, Source source) {
  /** Where it was said. */
  public enum Source {
    /** The answer to a call. */
    CALL,
    /** The error of a job that had been accepted. */
    JOB
  }

  /** An answer to a gRPC call. */
  public static VertexSignal ofCall(Code code, String message, Optional<String> reason) {
    return new VertexSignal(code, message, reason, Source.CALL);
  }

  /** A job's error. */
  public static VertexSignal ofJob(Status error) {
    Code code = Code.forNumber(error.getCode());
    return new VertexSignal(
        code == null ? Code.UNKNOWN : code, error.getMessage(), Optional.empty(), Source.JOB);
  }
}
