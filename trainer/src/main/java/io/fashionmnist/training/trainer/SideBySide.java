package io.fashionmnist.training.trainer;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tasks that run at the same time, each on a thread of its own; none outlives this. */
public final class SideBySide implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What a task will have come to. */
  @FunctionalInterface
  public interface Outcome<T> {
    /**
     * Waits for the task's end.
     *
     * @return what it gave
     * @throws IOException what the task failed with; an unchecked failure is thrown likewise
     */
    T get() throws IOException, InterruptedException;
  }

  /** Starts a task. Its failures are unchecked, or an {@link IOException}. */
  public <T> Outcome<T> start(Callable<T> task) {
    Future<T> future = threads.submit(task);
    return () -> {
      try {
        return future.get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case IOException failure -> throw failure;
          case RuntimeException failure -> throw failure;
          case Error failure -> throw failure;
          default -> throw new IllegalStateException(e.getCause());
        }
      }
    };
  }

  /** Interrupts what still runs, and waits for its end. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
