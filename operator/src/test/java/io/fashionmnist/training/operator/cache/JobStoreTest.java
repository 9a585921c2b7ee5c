package io.fashionmnist.training.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import org.junit.jupiter.api.Test;

class JobStoreTest {
  private static final String JOB =
      """
      apiVersion: training.fashion-mnist.io/v1alpha1
      kind: FashionTrainingJob
      metadata: {name: job, namespace: team, uid: u, resourceVersion: "9", generation: 1}
      spec:
        runPolicy: {ttlSecondsAfterFinished: 60}
        output: {uri: gs://bucket/runs}
        training: {epochs: 7}
        placements: [{name: west, vertex: {region: us-west1, machineType: n1-standard-4}}]
        %s
      status:
        phase: %s
        attemptCount: 1
        observedGeneration: 1
        completionTime: "2026-01-01T00:00:00Z"
        conditions:
        - {type: Succeeded, status: "True", reason: Trained, message: long, lastTransitionTime: t}
        attempts:
        - {number: 1, placement: west, backend: Vertex, location: us-west1, state: Succeeded,
           externalName: projects/1/locations/us-west1/customJobs/2, reason: Trained, message: long,
           outputUri: "gs://bucket/runs/1", startTime: "2026-01-01T00:00:00Z"}
        training: {epoch: 3}
        resolvedPlacements: [{name: west, backend: Vertex, state: Eligible}]
      """;

  private final JobStore store = new JobStore();

  @Test
  void ofOneThatIsOverWhatItsCleaningUpNeedsIsLeft() {
    FashionTrainingJob whole = job("Succeeded", "");
    Attempt attempt = whole.currentStatus().attempts().getFirst();

    FashionTrainingJob kept = kept(job("Succeeded", ""));

    assertThat(kept.over()).isTrue();
    assertThat(kept.getSpec().runPolicy()).isEqualTo(whole.getSpec().runPolicy());
    assertThat(kept.getSpec().placements()).isEmpty();
    assertThat(kept.currentStatus().completionTime()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(kept.currentStatus().training()).isNull();
    assertThat(kept.currentStatus().conditions()).isEmpty();
    Attempt left = kept.currentStatus().attempts().getFirst();
    assertThat(left.externalName()).isEqualTo(attempt.externalName());
    assertThat(left.location()).isEqualTo(attempt.location());
    assertThat(left.onRecord()).isEqualTo(attempt.onRecord()).isTrue();
    assertThat(left.message()).isNull();
  }

  @Test
  void whatAllHaveInCommonIsKeptOnce() {
    assertThat(kept(job("Succeeded", "")).getSpec().training())
        .isSameAs(kept(job("Failed", "")).getSpec().training());
  }

  @Test
  void oneThatRunsOrAwaitsItsRegistrationStaysWhole() {
    assertThat(kept(job("Running", "")).getSpec()).isEqualTo(job("Running", "").getSpec());
    FashionTrainingJob registers = job("Succeeded", "registry: {modelId: m}");
    assertThat(registers.awaitsRegistration()).isTrue();
    assertThat(kept(registers).currentStatus())
        .isEqualTo(job("Succeeded", "registry: {modelId: m}").currentStatus());
  }

  private FashionTrainingJob kept(FashionTrainingJob job) {
    store.put("team/job", job);
    return store.get("team/job");
  }

  private static FashionTrainingJob job(String phase, String more) {
    return Serialization.unmarshal(JOB.formatted(more, phase), FashionTrainingJob.class);
  }
}
