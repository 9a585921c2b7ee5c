package io.fashionmnist.training.operator.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobMetricsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final JobMetrics metrics = new JobMetrics(registry);

  @Test
  void countsALifeOnce() {
    List<FashionTrainingJobStatus> life =
        List.of(
            FashionTrainingJobStatus.none(),
            status("Queued", "activeAttempt: 1", "Queued"),
            status("Running", "activeAttempt: 1", "Running"),
            status("Running", "activeAttempt: 1", "Running"),
            status("Succeeded", "completionTime: x", "Succeeded"),
            status("Succeeded", "completionTime: x", "Succeeded"));
    for (int i = 1; i < life.size(); i++) {
      metrics.changed(life.get(i - 1), life.get(i), START.plusSeconds(10L * i));
    }

    assertThat(registry.get("fashion.training.attempts.started").counter().count()).isEqualTo(1);
    assertThat(
            registry
                .get("fashion.training.attempts.ended")
                .tags("backend", "cluster", "state", "succeeded", "reason", "r")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(
            registry
                .get("fashion.training.jobs.finished")
                .tags("phase", "succeeded")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(registry.get("fashion.training.queue").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(Duration.ofSeconds(20).toSeconds());
    assertThat(registry.get("fashion.training.run").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(Duration.ofSeconds(40).toSeconds());
  }

  private static FashionTrainingJobStatus status(String phase, String more, String state) {
    return Serialization.unmarshal(
        """
        phase: %s
        %s
        attemptCount: 1
        attempts:
          - {number: 1, placement: p, backend: Cluster, state: %s, reason: r, startTime: "%s"}
        """
            .formatted(phase, more, state, START),
        FashionTrainingJobStatus.class);
  }
}
