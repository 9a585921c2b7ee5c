package io.fashionmnist.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The program, running as a process of its own. */
final class TrainerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final List<String> out = new ArrayList<>();
  private final CompletableFuture<String> err = new CompletableFuture<>();
  private final CountDownLatch outEnded = new CountDownLatch(1);

  private TrainerProcess(Process process) {
    this.process = process;
    Thread.ofPlatform().daemon().start(this::readOut);
    Thread.ofPlatform().daemon().start(this::readErr);
  }

  /** Starts the program. */
  static TrainerProcess start(Path launcher, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("FASHION_TRAINER_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Xmx160m");
    builder.environment().putAll(environment);
    return new TrainerProcess(builder.start());
  }

  /** Starts the program and waits until it ends. */
  static TrainerProcess run(Path launcher, Map<String, String> environment, String... arguments)
      throws Exception {
    TrainerProcess trainer = start(launcher, environment, arguments);
    trainer.exitCode();
    return trainer;
  }

  /** Waits for the {@code count}th line of its output that has a text. */
  void awaitLines(int count, String text) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Predicate<String> wanted = line -> line.contains(text);
    synchronized (out) {
      while (out.stream().filter(wanted).count() < count && outEnded.getCount() > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          break;
        }
        out.wait(left);
      }
      assertThat(out.stream().filter(wanted).count())
          .as("lines with '%s'; %s", text, this)
          .isGreaterThanOrEqualTo(count);
    }
  }

  /** Asks it to end, as SIGTERM does. */
  TrainerProcess terminate() {
    // Not the process's own destroy: that closes its streams, and its last words would be lost.
    process.toHandle().destroy();
    return this;
  }

  /** Ends it at once, as SIGKILL does. */
  TrainerProcess kill() {
    process.toHandle().destroyForcibly();
    return this;
  }

  /** Waits until it has ended. */
  int exitCode() throws Exception {
    boolean ended =
        process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
            && outEnded.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    assertThat(ended).as("the process did not end; %s", this).isTrue();
    return process.exitValue();
  }

  /** What it has written to its standard output. */
  String out() {
    synchronized (out) {
      return String.join("\n", out);
    }
  }

  /** What it wrote to its standard error, once it has ended. */
  String err() throws Exception {
    return err.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** What it said so far. */
  @Override
  public String toString() {
    return "it said:\n" + out() + "\n" + err.getNow("");
  }

  private void readOut() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (out) {
          out.add(line);
          out.notifyAll();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      outEnded.countDown();
      synchronized (out) {
        out.notifyAll();
      }
    }
  }

  private void readErr() {
    try (BufferedReader reader = process.errorReader()) {
      err.complete(String.join("\n", reader.lines().toList()));
    } catch (IOException | UncheckedIOException e) {
      err.completeExceptionally(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
