package io.fashionmnist.training.operator.reconcile;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * How many passes are at the API server at once. One that waits for somebody else lets others in
 * meanwhile: a slow service holds up nothing but the jobs that it runs.
 */
final class Turns {
  /** More would only queue at the API server. */
  private static final int AT_ONCE = 64;

  /** Fair: a pass whose turn was given away comes back in order. */
  private final Semaphore free = new Semaphore(AT_ONCE, true);

  /** Does something in a turn of its own. */
  <T> T take(Supplier<T> pass) {
    free.acquireUninterruptibly();
    try {
      return pass.get();
    } finally {
      free.release();
    }
  }

  /** Does something elsewhere in the middle of a turn, which others have meanwhile. */
  <T> T leave(Supplier<T> elsewhere) {
    free.release();
    try {
      return elsewhere.get();
    } finally {
      free.acquireUninterruptibly();
    }
  }
}
