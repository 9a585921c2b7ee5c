package io.fashionmnist.training.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.ClusterPlacement;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobSpec;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.OutputSpec;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Failures;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatusFactoryTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Placement CLUSTER =
      new Placement("cluster", null, null, ClusterPlacement.defaults());
  private static final AttemptObservation POD_IS_THERE =
      new AttemptObservation.Waiting(
          Cause.STARTING, "Starting", "the pod is being started", new ReplicaStatus(1, 0, 0));

  private final StatusFactory factory =
      new StatusFactory(
          (_, _, attempt) -> new AttemptName(Optional.empty(), Optional.of("job-" + attempt)));
  private final FashionTrainingJob job = job();
  private Instant now = NOW;

  @Test
  void theStepsOfAStartAreNoNews() {
    begin();
    FashionTrainingJobStatus started = job.getStatus();
    assertThat(note("Starting")).isEqualTo(started);
  }

  @Test
  void aReasonToWaitIsNews() {
    begin();
    FashionTrainingJobStatus told = note("Unschedulable");
    assertThat(told.attempts().getLast().reason()).isEqualTo("Unschedulable");
    job.setStatus(told);
    assertThat(note("Starting").attempts().getLast().reason()).isEqualTo("Starting");
  }

  @Test
  void anEditWhileStartingIsSeen() {
    begin();
    job.getMetadata().setGeneration(2L);
    assertThat(note("Starting").observedGeneration()).isEqualTo(2L);
  }

  /** What falls off has its number and its folder for good: nothing is used twice. */
  @Test
  void theLastTwentyAttemptsAreKept() {
    for (int i = 0; i < 23; i++) {
      begin();
    }

    FashionTrainingJobStatus status = job.getStatus();
    assertThat(status.attempts())
        .extracting(Attempt::number)
        .containsExactlyElementsOf(IntStream.rangeClosed(4, 23).boxed().toList());
    assertThat(status.attemptCount()).isEqualTo(23);
    assertThat(status.activeAttempt()).isEqualTo(23);
    assertThat(status.attempts().getLast().outputUri())
        .isEqualTo("gs://bucket/runs/job-0f8fad5b/attempt-23");
    assertThat(status.startTime()).isEqualTo(NOW.toString());
  }

  /** The backoff limit is the whole job's: what failed before a suspension counts after it. */
  @Test
  void failuresOfAnAttemptThatIsStoppedCountOnce() {
    begin();
    var failing = new AttemptObservation.Running(new Failures(2, 0), new ReplicaStatus(1, 0, 0));
    var stop = new Decision.Stop(StopReason.SUSPENDED, "suspended");
    job.setStatus(status(failing, stop));
    job.setStatus(status(failing, stop));
    job.setStatus(
        status(
            new AttemptObservation.Missing(),
            new Decision.End(AttemptState.SUSPENDED, "Suspended", "suspended", 0)));

    assertThat(job.getStatus().failureCount()).isEqualTo(2);
  }

  @Test
  void suspendedTimeCountsWhateverFollows() {
    begin();
    job.setStatus(
        status(
            new AttemptObservation.Missing(),
            new Decision.End(AttemptState.OUT_OF_CAPACITY, "QuotaExceeded", "full", 0)));
    job.setStatus(status(new AttemptObservation.Missing(), new Decision.Suspend()));
    now = NOW.plusSeconds(1_800);
    job.setStatus(
        status(
            new AttemptObservation.Missing(),
            new Decision.Pause(NOW.plusSeconds(3_600), "every placement is full")));
    assertThat(job.getStatus().suspendedSeconds()).isEqualTo(1_800);

    now = NOW.plusSeconds(3_600);
    begin();
    assertThat(job.getStatus().suspendedSeconds()).isEqualTo(1_800);
  }

  private void begin() {
    job.setStatus(
        status(new AttemptObservation.Missing(), new Decision.Begin(CLUSTER, 1, List.of())));
  }

  private FashionTrainingJobStatus note(String reason) {
    return status(
        POD_IS_THERE,
        new Decision.Note(AttemptState.QUEUED, reason, "in other words", Optional.empty()));
  }

  private FashionTrainingJobStatus status(AttemptObservation seen, Decision decision) {
    PlacementPlan plan = PlacementPlan.of(job, OperatorSettings.defaults());
    return factory.status(
        new Observation(job, plan, Sight.of(seen), List.of(), Map.of(), Optional.empty()),
        decision,
        now);
  }

  private static FashionTrainingJob job() {
    FashionTrainingJob job = new FashionTrainingJob();
    job.setMetadata(
        new ObjectMetaBuilder()
            .withName("job")
            .withNamespace("team")
            .withUid("0f8fad5b-d9cb-469f-a165-70867728950e")
            .withGeneration(1L)
            .build());
    job.setSpec(
        new FashionTrainingJobSpec(
            new RunPolicy(false, null, 2, null, null, null, null),
            null,
            null,
            null,
            new OutputSpec("gs://bucket/runs"),
            List.of(CLUSTER),
            null,
            null,
            null));
    return job;
  }
}
