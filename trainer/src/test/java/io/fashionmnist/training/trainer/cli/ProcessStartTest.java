package io.fashionmnist.training.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStartTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path proc;

  @Test
  void isTheAgeByTheClockThatCountsFromTheBoot() throws Exception {
    Path uptime = Files.writeString(proc.resolve("uptime"), "1000.75 1990.10\n");
    Path stat =
        Files.writeString(
            proc.resolve("stat"),
            "42 (a ) name) S 1 42 42 0 -1 4194304 9 0 0 0 1 2 0 0 20 0 1 0 99825 1048576 9\n");

    assertThat(new ProcessStart(stat, uptime).instant(InstantSource.fixed(NOW)))
        .isEqualTo(NOW.minusMillis(2_500));
  }

  @Test
  void agreesWithTheJavaRuntimeToASecondAndALittle() {
    Instant told = ProcessHandle.current().info().startInstant().orElseThrow();

    assertThat(ProcessStart.ofThisProcess().instant(InstantSource.system()))
        .isCloseTo(told.plusMillis(500), within(600, ChronoUnit.MILLIS));
  }

  @Test
  void isWhatTheJavaRuntimeSaysWhereTheKernelTellsNothing() {
    assertThat(
            new ProcessStart(proc.resolve("none"), proc.resolve("none"))
                .instant(InstantSource.system()))
        .isEqualTo(ProcessHandle.current().info().startInstant().orElseThrow());
  }
}
