package io.fashionmnist.training.trainer.train;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Somebody's wish that training ends early, its state saved: SIGTERM, SIGINT.
 *
 * <p>Java ends as soon as its shutdown hooks return, and with the signal's own exit code (143 for
 * SIGTERM); so the hook waits until training has saved, and ends the process with another code
 * where it has not.
 */
public final class StopRequest implements BooleanSupplier {
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final Duration patience;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean requested;
  private volatile OptionalInt exitCode;

  /**
   * @param patience how long the process's end waits for the training's
   * @param notSaved how the process has to end where the state is not saved by then
   */
  StopRequest(Duration patience, int notSaved) {
    this.patience = patience;
    this.exitCode = OptionalInt.of(notSaved);
  }

  /**
   * Makes the process's end ask for a stop first.
   *
   * @param notSaved how the process has to end where the state is not saved in time
   */
  public static StopRequest onShutdown(int notSaved) {
    return onShutdown(PATIENCE, notSaved);
  }

  static StopRequest onShutdown(Duration patience, int notSaved) {
    StopRequest request = new StopRequest(patience, notSaved);
    Runtime.getRuntime().addShutdownHook(new Thread(request::requestAndWait, "stop-request"));
    return request;
  }

  /** Asks for a stop and waits until training has ended, a bounded time. */
  private void requestAndWait() {
    boolean training = ended.getCount() > 0;
    request();
    try {
      ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
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

  /** To be called when all that was trained is saved, and nothing more will be. */
  void stateSaved() {
    exitCode = OptionalInt.empty();
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
