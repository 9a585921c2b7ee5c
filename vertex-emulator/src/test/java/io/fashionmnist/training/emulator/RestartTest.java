package io.fashionmnist.training.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.emulator.config.EmulatorSettings;
import io.fashionmnist.training.emulator.fault.Fault;
import io.fashionmnist.training.emulator.fault.FaultKind;
import io.fashionmnist.training.emulator.fault.FaultRule;
import io.fashionmnist.training.emulator.job.TrainingJob;
import io.fashionmnist.training.emulator.quota.OverQuota;
import io.fashionmnist.training.emulator.quota.QuotaLimit;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restart leaves. */
class RestartTest {
  private final VirtualClock clock = new VirtualClock();

  @Test
  void jobsQuotaAndFaultsOutliveARestart(@TempDir Path folder) throws Exception {
    EmulatorSettings settings =
        EmulatorSettings.defaults()
            .withState(folder.resolve("state.json"))
            .withQuotas(OverQuota.REJECT, new QuotaLimit("*", "custom_model_training_cpus", 4));
    TrainingJob before;
    try (VertexEmulator emulator = VertexEmulator.start(settings, clock)) {
      Rest rest = new Rest(emulator);
      emulator
          .faults()
          .add(FaultRule.times(1, Fault.of(FaultKind.LATE_ERROR, Duration.ofHours(1))));
      rest.create(JobRequests.job("one", "n1-standard-4"), 200);
      rest.call(
          "POST",
          "/admin/faults",
          "{\"fault\": \"unavailable\", \"call\": \"ListCustomJobs\"}",
          200);
      clock.pass(Duration.ofSeconds(3));
      before = emulator.jobs().jobs().getFirst();
      assertThat(before.resource().getState().name()).isEqualTo("JOB_STATE_RUNNING");
    }
    try (VertexEmulator emulator = VertexEmulator.start(settings, clock)) {
      Rest rest = new Rest(emulator);
      assertThat(emulator.jobs().jobs()).containsExactly(before);
      assertThat(emulator.faults().rules()).hasSize(1);
      rest.create(JobRequests.job("two", "n1-standard-4"), 429);
      clock.pass(Duration.ofMinutes(1));
      assertThat(emulator.jobs().jobs().getFirst().resource().getState().name())
          .isEqualTo("JOB_STATE_SUCCEEDED");
      rest.create(JobRequests.job("two", "n1-standard-4"), 200);
    }
  }
}
