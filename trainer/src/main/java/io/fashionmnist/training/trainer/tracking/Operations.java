package io.fashionmnist.training.trainer.tracking;

import com.google.api.gax.longrunning.OperationFuture;
import com.google.api.gax.rpc.AlreadyExistsException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Waits for long-running operations. */
final class Operations {
  private static final int PATIENCE_SECONDS = 30;

  private Operations() {}

  /** Waits until something is made; that it is there already is as good. */
  static void await(OperationFuture<?, ?> making) throws Exception {
    try {
      making.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case AlreadyExistsException _ -> {}
        case Exception cause -> throw cause;
        default -> throw e;
      }
    }
  }
}
