package io.fashionmnist.training.operator.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import io.fashionmnist.training.operator.status.StatusChange;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobMetricsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final FashionTrainingJob JOB =
      Serialization.unmarshal(
          """
          apiVersion: training.fashion-mnist.io/v1alpha1
          kind: FashionTrainingJob
          metadata: {name: job, namespace: team}
          spec:
            output: {uri: gs://bucket/runs}
            placements:
              - {name: p, cluster: {}}
              - {name: spot, vertex: {project: shop, region: us-central1, machineType: n1-standard-4, strategy: Spot}}
          """,
          FashionTrainingJob.class);
  private static final PlacementPlan PLAN = PlacementPlan.of(JOB, OperatorSettings.defaults());

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
      metrics.changed(
          new StatusChange(JOB, PLAN, life.get(i - 1), life.get(i), START.plusSeconds(10L * i)));
    }

    assertThat(
            registry
                .get("fashion.training.attempts.started")
                .tags("backend", "cluster", "capacity", "cluster")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(
            registry
                .get("fashion.training.attempts.ended")
                .tags(
                    "backend",
                    "cluster",
                    "capacity",
                    "cluster",
                    "state",
                    "succeeded",
                    "reason",
                    "Trained")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(
            registry
                .get("fashion.training.jobs.finished")
                .tags("backend", "cluster", "result", "succeeded")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(registry.get("fashion.training.queue").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(Duration.ofSeconds(20).toSeconds());
    assertThat(registry.get("fashion.training.run").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(Duration.ofSeconds(40).toSeconds());
  }

  /** What is divided by must be there also where every placement has been passed over so far. */
  @Test
  void tellsOfAttemptsBeforeTheFirst() {
    assertThat(registry.find("fashion.training.attempts.started").counters())
        .extracting(each -> each.getId().getTag("backend") + " " + each.getId().getTag("capacity"))
        .containsExactlyInAnyOrder("cluster cluster", "vertex standard", "vertex spot");
    assertThat(registry.find("fashion.training.attempts.started").counters())
        .allMatch(each -> each.count() == 0);
  }

  @Test
  void countsFallbacksByWhatTheyFellFrom() {
    FashionTrainingJobStatus before = status("Queued", "activeAttempt: 1", "Queued");
    metrics.changed(
        new StatusChange(
            JOB, PLAN, before, status("Restarting", "failureCount: 0", "OutOfCapacity"), START));

    assertThat(
            registry
                .get("fashion.training.fallbacks")
                .tags("backend", "cluster", "capacity", "cluster", "reason", "Trained")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void countsAJobThatIsRefusedBeforeItsFirstAttempt() {
    FashionTrainingJobStatus refused =
        Serialization.unmarshal("phase: Failed", FashionTrainingJobStatus.class);
    metrics.changed(new StatusChange(JOB, PLAN, FashionTrainingJobStatus.none(), refused, START));

    assertThat(
            registry
                .get("fashion.training.jobs.finished")
                .tags("backend", "none", "result", "failed")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void reasonsThatOthersInventAreNotWithoutEnd() {
    Reasons reasons = new Reasons();
    Set<String> told = new HashSet<>();
    for (char one = 'A'; one <= 'Z'; one++) {
      for (char other = 'a'; other <= 'z'; other++) {
        told.add(reasons.label("Reason" + one + other));
      }
    }

    assertThat(told).hasSizeLessThan(70).contains("Other");
    assertThat(reasons.label("the pod of job-17 was lost")).isEqualTo("Other");
  }

  private static FashionTrainingJobStatus status(String phase, String more, String state) {
    return Serialization.unmarshal(
        """
        phase: %s
        %s
        attemptCount: 1
        attempts:
          - {number: 1, placement: p, backend: Cluster, state: %s, reason: Trained, startTime: "%s"}
        """
            .formatted(phase, more, state, START),
        FashionTrainingJobStatus.class);
  }
}
