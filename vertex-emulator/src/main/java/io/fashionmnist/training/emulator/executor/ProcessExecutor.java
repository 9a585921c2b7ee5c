package io.fashionmnist.training.emulator.executor;

import com.google.cloud.aiplatform.v1.ContainerSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs a local command for a job's first replica. Processes end with the emulator; after a restart
 * the command runs anew, as it does when the service moves a job to another machine.
 */
public final class ProcessExecutor implements Executor {
  private final List<String> template;
  private final Path logs;
  private final Duration grace;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final Set<ProcessRun> live = ConcurrentHashMap.newKeySet();

  /**
   * With a command line of which <code>{image}</code>, <code>{command}</code> and <code>{args}
   * </code> are replaced by the container's, the folder of logs, and the time between SIGTERM and
   * SIGKILL.
   */
  public ProcessExecutor(
      List<String> template,
      Path logs,
      Duration grace,
      Map<String, String> environment,
      InstantSource clock) {
    this.template = List.copyOf(template);
    this.logs = logs;
    this.grace = grace;
    this.environment = Map.copyOf(environment);
    this.clock = clock;
  }

  @Override
  public Run start(Workload workload) {
    Path log = logs.resolve(workload.jobId() + ".log");
    try {
      Files.createDirectories(logs);
      ProcessBuilder builder =
          new ProcessBuilder(commandLine(template, workload.chief().getContainerSpec()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(ContainerEnvironment.of(workload, environment));
      ProcessRun run = new ProcessRun(builder.start(), log);
      live.add(run);
      return run;
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return new BrokenRun(
          clock.instant(), "The process executor cannot start the job: " + e.getMessage());
    }
  }

  /** The words of the command line. */
  static List<String> commandLine(List<String> template, ContainerSpec container) {
    List<String> words = new ArrayList<>();
    for (String word : template) {
      switch (word) {
        case "{command}" -> words.addAll(container.getCommandList());
        case "{args}" -> words.addAll(container.getArgsList());
        default -> words.add(word.replace("{image}", container.getImageUri()));
      }
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException(
          "the job has no command of its own; give the executor one");
    }
    return words;
  }

  @Override
  public void close() {
    live.forEach(run -> run.stop(clock.instant()));
    live.forEach(ProcessRun::awaitEnd);
  }

  private final class ProcessRun implements Run {
    private final Process process;
    private final Path log;
    private final Instant startedAt;
    private volatile Instant endedAt;
    private volatile boolean stopped;

    ProcessRun(Process process, Path log) {
      this.process = process;
      this.log = log;
      this.startedAt = clock.instant();
      this.endedAt = startedAt;
      process
          .onExit()
          .thenRun(
              () -> {
                endedAt = clock.instant();
                live.remove(this);
              });
    }

    @Override
    public RunState observe(Instant now) {
      if (process.isAlive()) {
        return new RunState.Running(startedAt);
      }
      int code = process.exitValue();
      // A program that ended well in spite of SIGTERM is done.
      return stopped && code != 0
          ? new RunState.Stopped(endedAt)
          : new RunState.Exited(startedAt, endedAt, code, false);
    }

    @Override
    public synchronized void stop(Instant now) {
      if (stopped || !process.isAlive()) {
        return;
      }
      stopped = true;
      process.destroy();
      Thread.ofVirtual()
          .start(
              () -> {
                if (!awaitEnd()) {
                  process.descendants().forEach(ProcessHandle::destroyForcibly);
                  process.destroyForcibly();
                }
              });
    }

    private boolean awaitEnd() {
      try {
        return process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public String log() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the log of the job", e);
      }
    }
  }
}
