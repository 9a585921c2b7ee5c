package io.fashionmnist.training.trainer.train;

import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Somebody's wish that training ends early, its state saved: SIGTERM, SIGINT.
 *
 * <p>Java ends as soon as its shutdown hooks return, and with the signal's own exit code (143 for
 * SIGTERM); so the hook waits until training has saved.
 */
public final class StopRequest implements BooleanSupplier {
  private static final long PATIENCE_SECONDS = 25;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean requested;
  private volatile OptionalInt exitCode = OptionalInt.empty();

  /** Makes the process's end ask for a stop first. */
  public static StopRequest onShutdown() {
    StopRequest request = new StopRequest();
    Runtime.getRuntime().addShutdownHook(new Thread(request::requestAndWait, "stop-request"));
    return request;
  }

  /** Asks for a stop and waits until training has ended, a bounded time. */
  void requestAndWait() {
    boolean training = ended.getCount() > 0;
    request();
    try {
      ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (training && exitCode.isPresent()) {
        // The process would end with the signal's exit code, and tell of a saved state.
        Runtime.getRuntime().halt(exitCode.getAsInt());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks for a stop. */
  public void request() {
    requested = true;
  }

  /**
   * To be called when training has ended, however it did.
   *
   * @param code how the process has to end; empty where it was stopped, its state saved
   */
  public void trainingEnded(OptionalInt code) {
    exitCode = code;
    ended.countDown();
  }

  /** Whether a stop is asked for. */
  @Override
  public boolean getAsBoolean() {
    return requested;
  }
}
