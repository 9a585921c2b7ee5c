package io.fashionmnist.training.trainer.tracking;

import com.google.api.gax.rpc.ApiException;
import java.io.IOException;

/** Says in one line why a call failed, and what to do. */
final class Failures {
  /** A call, or several. */
  @FunctionalInterface
  interface Call {
    void run() throws Exception;
  }

  private Failures() {}

  /**
   * Makes the calls.
   *
   * @throws IOException with the line, for what failed
   */
  static void inOneLine(Call call) throws Exception {
    try {
      call.run();
    } catch (ApiException e) {
      throw new IOException(line(e), e);
    } catch (LinkageError e) {
      // Libraries that do not fit each other are no reason to fail, either.
      throw new IOException("the client cannot be loaded: " + e, e);
    }
  }

  private static String line(ApiException e) {
    String message = e.getMessage() == null ? e.getStatusCode().toString() : e.getMessage();
    String first =
        message.lines().findFirst().orElse("").replaceFirst("^.*StatusRuntimeException: ", "");
    return switch (e.getStatusCode().getCode()) {
      case PERMISSION_DENIED ->
          first + " (grant the account that the trainer runs as roles/aiplatform.user)";
      case UNAUTHENTICATED ->
          first + " (give the trainer Google credentials: application default credentials)";
      default -> first;
    };
  }
}
