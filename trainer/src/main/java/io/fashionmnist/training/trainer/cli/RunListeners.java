package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.report.TerminationLog;
import io.fashionmnist.training.trainer.train.TrainingEvent;
import io.fashionmnist.training.trainer.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All that listens to a run, as one. Those that work on threads of their own warn through it: their
 * warnings become events on the training thread.
 */
final class RunListeners implements TrainingListener {
  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
  private final List<TrainingListener> all = new ArrayList<>();
  private final Optional<TerminationLog> termination;

  /**
   * Makes those that need nothing but themselves, so that they can tell of any failure.
   *
   * @param termination gets where its warnings go
   */
  RunListeners(
      TrainingListener log, Function<Consumer<String>, Optional<TerminationLog>> termination) {
    this.termination = termination.apply(this::warn);
    all.add(log);
    this.termination.ifPresent(all::add);
  }

  /** Adds one that hears what comes from now on. */
  void add(TrainingListener listener) {
    all.add(listener);
  }

  /** Takes a warning, on any thread. */
  void warn(String message) {
    warnings.add(message);
  }

  @Override
  public void on(TrainingEvent event) {
    passWarningsOn();
    all.forEach(listener -> listener.on(event));
  }

  /** Says why the run fails. */
  void failed(int exitCode, Throwable reason) {
    String message = UsageErrors.inWords(reason);
    on(new TrainingEvent.Failed(message));
    ended(exitCode, Optional.of(message));
  }

  /** Says how the process is about to end. */
  void ended(int exitCode, Optional<String> error) {
    termination.ifPresent(log -> log.ended(exitCode, error));
  }

  private void passWarningsOn() {
    for (String warning = warnings.poll(); warning != null; warning = warnings.poll()) {
      TrainingEvent event = new TrainingEvent.Warning(warning);
      all.forEach(listener -> listener.on(event));
    }
  }

  /** Closes all but the log, which is first and still gets the others' last warnings. */
  @Override
  public void close() {
    all.reversed().forEach(TrainingListener::close);
    passWarningsOn();
  }
}
