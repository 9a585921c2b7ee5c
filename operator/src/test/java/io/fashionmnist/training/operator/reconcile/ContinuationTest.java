package io.fashionmnist.training.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContinuationTest {
  private static final String ATTEMPTS =
      """
      - {number: 1, backend: Vertex, state: Suspended, reason: Suspended, outputUri: "gs://b/1"}
      - {number: 2, backend: Vertex, state: OutOfCapacity, reason: QuotaExceeded, outputUri: "gs://b/2"}
      - {number: 3, backend: Vertex, state: OutOfCapacity, reason: Preempted, outputUri: "gs://b/3"}
      - {number: 4, backend: Cluster, state: OutOfCapacity, reason: QueueDeadlineExceeded, outputUri: "pvc://c/4"}
      - {number: 5, backend: Vertex, state: Skipped, reason: QuotaExhausted}
      - {number: 6, backend: Cluster, state: Failed, reason: TrainerFailed, outputUri: "gs://b/6"}
      """;

  @Test
  void everyAttemptThatMayHaveSavedIsAStartTheNewestFirst() {
    assertThat(of("{number: 7, backend: Cluster, state: Queued}"))
        .containsExactly("gs://b/6", "pvc://c/4", "gs://b/3", "gs://b/1");
  }

  @Test
  void onVertexAiNoClaimIsReadable() {
    assertThat(of("{number: 7, backend: Vertex, state: Queued, location: projects/p/locations/r}"))
        .containsExactly("gs://b/6", "gs://b/3", "gs://b/1");
  }

  @Test
  void anAttemptContinuesNoLaterOne() {
    assertThat(of("{number: 2, backend: Cluster, state: Queued}")).containsExactly("gs://b/1");
  }

  private static List<String> of(String attempt) {
    FashionTrainingJobStatus status = status(ATTEMPTS);
    return Continuation.of(status, status("- " + attempt).attempts().getFirst());
  }

  private static FashionTrainingJobStatus status(String attempts) {
    return Serialization.unmarshal(
            "status:\n  attempts:\n" + attempts.indent(4), FashionTrainingJob.class)
        .currentStatus();
  }
}
