package io.fashionmnist.training.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job on Vertex AI waits for between its attempts, and while one ends. */
class VertexPausesTest {
  private static final Instant END = Instant.parse("2026-01-01T00:00:00Z");
  private static final OperatorSettings SETTINGS =
      new OperatorSettings(
          null,
          null,
          null,
          null,
          List.of(new Tenant(null, List.of("shop"), List.of("us-central1"), null, null, null)),
          null,
          null,
          null,
          null,
          null,
          null);

  private final Decider decider = new Decider(false);
  private final StatusFactory statuses =
      new StatusFactory((_, _, _) -> new AttemptName(Optional.empty(), Optional.empty()));

  @ParameterizedTest
  @CsvSource({
    "Failed, RateLimited, 1, 10",
    "Failed, ServiceFault, 2, 20",
    "Failed, TrainerFailed, 3, 40",
    "Failed, TrainerFailed, 9, 360",
    "Failed, Interrupted, 2, 0",
    "Suspended, Suspended, 2, 0",
  })
  void afterAFailureThatCountsThereIsAPause(
      String state, String reason, int failures, int seconds) {
    FashionTrainingJob job = job(state, reason, failures, "endTime: 2026-01-01T00:00:00Z");

    if (seconds > 0) {
      assertThat(decide(job, new AttemptObservation.Missing(), END.plusSeconds(seconds - 1)))
          .isInstanceOfSatisfying(
              Decision.Pause.class,
              pause -> assertThat(pause.until()).isEqualTo(END.plusSeconds(seconds)));
    }
    assertThat(decide(job, new AttemptObservation.Missing(), END.plusSeconds(seconds)))
        .isInstanceOf(Decision.Begin.class);
  }

  @Test
  void thePauseIsSeenInTheStatus() {
    FashionTrainingJob job = job("Failed", "ServiceFault", 1, "endTime: 2026-01-01T00:00:00Z");
    Observation observation = observation(job, new AttemptObservation.Missing());

    FashionTrainingJobStatus status =
        statuses.status(observation, decider.decide(observation, END), END);

    assertThat(status.phase()).isEqualTo(Phase.RESTARTING);
    assertThat(status.nextRetryTime()).isEqualTo("2026-01-01T00:00:10Z");
    assertThat(status.condition("Restarting").orElseThrow().reason()).isEqualTo("BackingOff");
  }

  @Test
  void aCancellationThatTakesTooLongIsToldOnce() {
    FashionTrainingJob job = job("Stopping", "Suspended", 0, "externalName: x");
    AttemptObservation stuck =
        new AttemptObservation.Leaving(Optional.of("stuck since noon"), new ReplicaStatus(1, 0, 0));

    Decision decision = decide(job, stuck, END);

    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Note.class,
            note -> {
              assertThat(note.state()).isEqualTo(AttemptState.STOPPING);
              assertThat(note.reason()).isEqualTo("Suspended");
              assertThat(note.message()).isEqualTo("told before; stuck since noon");
            });
    job.setStatus(statuses.status(observation(job, stuck), decision, END));
    assertThat(decide(job, stuck, END))
        .isEqualTo(new Decision.Ignore(Optional.of(Duration.ofSeconds(10))));
  }

  private Decision decide(FashionTrainingJob job, AttemptObservation seen, Instant now) {
    return decider.decide(observation(job, seen), now);
  }

  private static Observation observation(FashionTrainingJob job, AttemptObservation seen) {
    return new Observation(
        job,
        PlacementPlan.of(job, SETTINGS),
        Sight.of(seen),
        List.of(),
        Map.of(),
        Optional.empty());
  }

  private static FashionTrainingJob job(String state, String reason, int failures, String more) {
    return Serialization.unmarshal(
        """
        metadata: {name: job, namespace: team, uid: u, generation: 1}
        spec:
          runPolicy: {backoffLimit: 20}
          output: {uri: gs://b/runs}
          placements:
            - {name: central, vertex: {project: shop, region: us-central1, machineType: n1-standard-4}}
        status:
          phase: Queued
          attemptCount: 1
          %s
          failureCount: %d
          attempts:
            - {number: 1, placement: central, backend: Vertex, state: %s, reason: %s, message: told before,
               location: projects/shop/locations/us-central1, startTime: 2025-12-31T23:00:00Z, outputUri: gs://b/runs/1, %s}
        """
            .formatted(
                "Stopping".equals(state) ? "activeAttempt: 1" : "", failures, state, reason, more),
        FashionTrainingJob.class);
  }
}
