package io.fashionmnist.training.emulator.executor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Pretends: the first script that matches a job says how long everything takes and how it ends. */
public final class ScriptedExecutor implements Executor {
  private final List<Script> scripts;

  /** With scripts in the order in which they are tried; {@link Script#DEFAULT} is the last. */
  public ScriptedExecutor(List<Script> scripts) {
    this.scripts = List.copyOf(scripts);
  }

  @Override
  public Run start(Workload workload) {
    Script script =
        scripts.stream()
            .filter(candidate -> candidate.matches(workload.job()))
            .findFirst()
            .orElse(Script.DEFAULT);
    return new ScriptedRun(script, workload.admittedAt());
  }

  @Override
  public void close() {
    // There is nothing that runs.
  }

  private static final class ScriptedRun implements Run {
    private final Script script;
    private final Instant start;
    private final Instant end;
    private final Instant preparing;
    private Optional<Instant> stopAt = Optional.empty();

    ScriptedRun(Script script, Instant admittedAt) {
      this.script = script;
      this.preparing = admittedAt.plus(script.queued());
      this.start = preparing.plus(script.pending());
      this.end = start.plus(script.running());
    }

    @Override
    public synchronized RunState observe(Instant now) {
      if (stopAt.isPresent() && stopAt.get().isBefore(end)) {
        Instant stopped = stopAt.get();
        if (!now.isBefore(stopped)) {
          return new RunState.Stopped(stopped);
        }
      } else if (!now.isBefore(end)) {
        return new RunState.Exited(start, end, script.exitCode(), false);
      }
      if (!now.isBefore(start)) {
        return new RunState.Running(start);
      }
      return now.isBefore(preparing) ? new RunState.Queued() : new RunState.Preparing();
    }

    @Override
    public synchronized void stop(Instant now) {
      if (stopAt.isEmpty()) {
        stopAt = Optional.of(now.plus(script.cancelling()));
      }
    }

    @Override
    public String log() {
      return "scripted: queued "
          + script.queued()
          + ", pending "
          + script.pending()
          + ", running "
          + script.running()
          + ", exit code "
          + script.exitCode()
          + "\n";
    }
  }
}
