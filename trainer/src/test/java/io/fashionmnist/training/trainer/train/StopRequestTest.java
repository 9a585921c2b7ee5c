package io.fashionmnist.training.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGTERM, in a process of its own: its exit code tells whether the state is saved. */
class StopRequestTest {
  private static final int NOT_SAVED = 1;

  @ParameterizedTest(name = "{0}, waited for {1} ms: {2}")
  @CsvSource({
    "HANGS, 50, 1",
    "HANGS_WITH_ALL_SAVED, 50, 143",
    "SAVES, 60000, 143",
    "FAILS, 60000, 2"
  })
  void theExitCodeSaysWhatBecameOfTheState(Training training, int patience, int exitCode)
      throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                training.name(),
                String.valueOf(patience))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("training");

      process.toHandle().destroy();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(exitCode);
    } finally {
      process.destroyForcibly();
    }
  }

  /** What training does when it is asked to stop. */
  enum Training {
    HANGS,
    HANGS_WITH_ALL_SAVED,
    SAVES,
    FAILS
  }

  /** A training that does nothing until it is asked to stop. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws InterruptedException {
      Duration patience = Duration.ofMillis(Long.parseLong(arguments[1]));
      StopRequest stop = StopRequest.onShutdown(patience, NOT_SAVED);
      System.out.println("training");
      while (!stop.getAsBoolean()) {
        Thread.onSpinWait();
      }
      switch (Training.valueOf(arguments[0])) {
        case HANGS -> new CountDownLatch(1).await();
        case HANGS_WITH_ALL_SAVED -> {
          stop.stateSaved();
          new CountDownLatch(1).await();
        }
        case SAVES -> {
          stop.stateSaved();
          stop.trainingEnded(OptionalInt.empty());
        }
        case FAILS -> stop.trainingEnded(OptionalInt.of(2));
      }
    }
  }
}
