package io.fashionmnist.training.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessFiguresTest {
  @Test
  void timeIsReadBehindAnyName() {
    String stat =
        "42 (a) b (c) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 7 7 20 0 1 0 100 1000 10 18446744";
    assertThat(ProcessFigures.cpuMillis(stat)).isEqualTo(3_000);
  }

  @Test
  void memoryIsInMegabytes() {
    String status = "Name:\tjava\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nThreads:\t9\n";
    assertThat(ProcessFigures.megabytes(status, "VmRSS")).isEqualTo(100);
    assertThat(ProcessFigures.megabytes(status, "VmHWM")).isEqualTo(200);
  }

  @Test
  void thisProcessHasBoth() throws Exception {
    long pid = ProcessHandle.current().pid();
    assertThat(ProcessFigures.cpuMillis(pid)).isPositive();
    assertThat(ProcessFigures.rss(pid)).isBetween(10.0, ProcessFigures.peakRss(pid) + 1);
  }
}
