package io.fashionmnist.training.trainer;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Tasks that run at the same time, each on a thread of its own; none outlives this. */
public final class SideBySide implements AutoCloseable {
  private static final long MILLIS_BETWEEN_QUESTIONS = 100;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What a task will have come to. */
  public interface Outcome<T> {
    /**
     * Waits for the task's end.
     *
     * @return what it gave
     * @throws IOException what the task failed with; an unchecked failure is thrown likewise
     */
    T get() throws IOException, InterruptedException;

    /**
     * Waits for the task's end, or until a stop is asked for.
     *
     * @param stop asked several times a second
     * @return what it gave; empty when the stop came first
     * @throws IOException as {@link #get} does
     */
    Optional<T> getUnless(BooleanSupplier stop) throws IOException, InterruptedException;
  }

  /** Starts a task. Its failures are unchecked, or an {@link IOException}. */
  public <T> Outcome<T> start(Callable<T> task) {
    return new Started<>(threads.submit(task));
  }

  private record Started<T>(Future<T> future) implements Outcome<T> {
    @Override
    public T get() throws IOException, InterruptedException {
      try {
        return future.get();
      } catch (ExecutionException e) {
        throw failure(e);
      }
    }

    @Override
    public Optional<T> getUnless(BooleanSupplier stop) throws IOException, InterruptedException {
      while (!stop.getAsBoolean()) {
        try {
          return Optional.of(future.get(MILLIS_BETWEEN_QUESTIONS, TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
          // Not yet.
        } catch (ExecutionException e) {
          throw failure(e);
        }
      }
      return Optional.empty();
    }

    private static IOException failure(ExecutionException e) {
      return switch (e.getCause()) {
        case IOException failure -> failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new IllegalStateException(e.getCause());
      };
    }
  }

  /** Interrupts what still runs, and waits for its end. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
