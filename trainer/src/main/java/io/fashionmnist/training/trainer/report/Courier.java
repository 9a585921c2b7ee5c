package io.fashionmnist.training.trainer.report;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Delivers the latest state on a thread of its own, so that whoever calls it never waits.
 *
 * <p>There is no queue: however often it is called during a delivery, one more follows. What could
 * not be delivered is tried again after the interval; of failures in a row only the first is told.
 */
public final class Courier {
  /** Hands the latest state over. */
  @FunctionalInterface
  public interface Delivery {
    void deliver() throws Exception;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Delivery delivery;
  private final long intervalNanos;
  private final Consumer<String> warnings;
  private final Thread thread;

  private boolean due;
  private boolean urgent;
  private boolean delivering;
  private boolean closing;
  private boolean failing;
  private long notBefore = System.nanoTime();

  /**
   * @param name of the thread
   * @param interval least time from the end of a delivery to the next, unless that is urgent
   * @param warnings takes the reason of a failure, on the courier's thread
   */
  public Courier(String name, Duration interval, Delivery delivery, Consumer<String> warnings) {
    this.delivery = delivery;
    this.intervalNanos = interval.toNanos();
    this.warnings = warnings;
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /**
   * Says that there is something new to deliver; returns at once.
   *
   * @param now whether it should go out without regard to the interval
   */
  public void call(boolean now) {
    lock.lock();
    try {
      due = true;
      urgent |= now;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Delivers what is due, in one attempt, and ends. A delivery under way that is already out of
   * date is broken off for it.
   *
   * @param patience how long to wait for that at most
   */
  public void close(Duration patience) {
    lock.lock();
    try {
      closing = true;
      changed.signal();
      if (delivering && due) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(patience)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (awaitDue()) {
      Throwable failure = null;
      try {
        delivery.deliver();
      } catch (Throwable e) {
        // Also an error: nobody would be told of a thread that ended.
        failure = e;
      }
      delivered(failure);
    }
  }

  /** Returns true when something has to be delivered, false when it is time to end. */
  private boolean awaitDue() {
    lock.lock();
    try {
      while (!closing && !(due && (urgent || notBefore - System.nanoTime() <= 0))) {
        if (due) {
          changed.await(notBefore - System.nanoTime(), TimeUnit.NANOSECONDS);
        } else {
          changed.await();
        }
      }
      delivering = due;
      due = false;
      urgent = false;
      return delivering;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void delivered(Throwable failure) {
    boolean tell;
    lock.lock();
    try {
      delivering = false;
      notBefore = System.nanoTime() + intervalNanos;
      // An interrupt was meant for this delivery, not for the next.
      boolean brokenOff = Thread.interrupted() || failure instanceof InterruptedException;
      tell = failure != null && !failing && !(closing && brokenOff);
      failing = failure != null;
      // At the end one attempt has to do.
      due |= failing && !closing;
    } finally {
      lock.unlock();
    }
    if (tell) {
      warnings.accept(
          failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage());
    }
  }
}
