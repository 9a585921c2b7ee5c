package io.fashionmnist.training.emulator.executor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.aiplatform.v1.CustomJob;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.emulator.JobRequests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pod of a job, and what its state means. */
class TenantPodTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");

  @Test
  void isTheGoldenPod() throws Exception {
    CustomJob.Builder job = JobRequests.job("one", "n1-standard-4").toBuilder();
    job.getJobSpecBuilder()
        .getWorkerPoolSpecsBuilder(0)
        .getContainerSpecBuilder()
        .addCommand("fashion-trainer")
        .addEnvBuilder()
        .setName("ATTEMPT")
        .setValue("2");
    Pod pod =
        TenantPod.of(
            new Workload("1234567890123456789", "42", "us-central1", job.build(), NOW, 0),
            new PodSettings(
                "vertex-tenant",
                2,
                2048,
                Duration.ofSeconds(30),
                Map.of("STORAGE_EMULATOR_HOST", "http://storage:4443")));
    Path golden = Path.of("src/test/resources/tenant-pod.yaml");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(golden, Serialization.asYaml(pod));
    }
    assertThat(Serialization.asYaml(pod)).isEqualTo(Files.readString(golden));
  }

  @ParameterizedTest
  @CsvSource({
    "Pending,   '',         0,   '',        false, Preparing",
    "Running,   running,    0,   '',        false, Running",
    "Succeeded, terminated, 0,   Completed, false, Exited 0",
    "Failed,    terminated, 2,   Error,     false, Exited 2",
    "Failed,    terminated, 137, OOMKilled, false, Exited 137 out of memory",
    "Failed,    terminated, 143, Error,     true,  Stopped",
    "Succeeded, terminated, 0,   Completed, true,  Exited 0",
    "Failed,    '',         0,   '',        false, Stopped",
  })
  void aPodsStateIsTheRuns(
      String phase, String state, int code, String reason, boolean stopping, String expected) {
    PodBuilder pod = new PodBuilder().withNewStatus().withPhase(phase).endStatus();
    switch (state) {
      case "running" ->
          pod.editStatus()
              .addNewContainerStatus()
              .withNewState()
              .withNewRunning()
              .endRunning()
              .endState()
              .endContainerStatus()
              .endStatus();
      case "terminated" ->
          pod.editStatus()
              .addNewContainerStatus()
              .withNewState()
              .withNewTerminated()
              .withExitCode(code)
              .withReason(reason)
              .withFinishedAt("2026-01-01T00:00:05Z")
              .endTerminated()
              .endState()
              .endContainerStatus()
              .endStatus();
      default -> {}
    }
    String seen =
        switch (PodState.of(pod.build(), stopping, NOW)) {
          case RunState.Exited exited ->
              "Exited " + exited.exitCode() + (exited.outOfMemory() ? " out of memory" : "");
          case RunState other -> other.getClass().getSimpleName();
        };
    assertThat(seen).isEqualTo(expected);
  }
}
