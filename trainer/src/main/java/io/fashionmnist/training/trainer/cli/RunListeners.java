package io.fashionmnist.training.trainer.cli;

import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.report.ReportFile;
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
  private final ReportFile report;
  private final Optional<TerminationLog> termination;
  private final List<TrainingListener> all = new ArrayList<>();

  /** Makes the listeners, each told where its warnings go. */
  RunListeners(
      TrainingListener log,
      Function<Consumer<String>, ReportFile> report,
      Function<Consumer<String>, Optional<TerminationLog>> termination,
      Function<Consumer<String>, List<TrainingListener>> others) {
    this.report = report.apply(warnings::add);
    this.termination = termination.apply(warnings::add);
    all.add(log);
    all.add(this.report);
    this.termination.ifPresent(all::add);
    all.addAll(others.apply(warnings::add));
  }

  /** The report, whose last writing is the run's own business. */
  ReportFile report() {
    return report;
  }

  @Override
  public void on(TrainingEvent event) {
    warn();
    all.forEach(listener -> listener.on(event));
  }

  /** Says why the run fails. */
  void failed(int exitCode, Throwable reason) {
    String message = reason instanceof BadInputException ? reason.getMessage() : reason.toString();
    on(new TrainingEvent.Failed(message));
    ended(exitCode, Optional.of(message));
  }

  /** Says how the process is about to end. */
  void ended(int exitCode, Optional<String> error) {
    termination.ifPresent(log -> log.ended(exitCode, error));
  }

  private void warn() {
    for (String warning = warnings.poll(); warning != null; warning = warnings.poll()) {
      TrainingEvent event = new TrainingEvent.Warning(warning);
      all.forEach(listener -> listener.on(event));
    }
  }

  /** Closes all but the log, which is first and still gets the others' last warnings. */
  @Override
  public void close() {
    all.reversed().forEach(TrainingListener::close);
    warn();
  }
}
