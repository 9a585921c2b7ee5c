package io.fashionmnist.training.operator.backend.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.operator.backend.Stray;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrayJobsTest {
  @Test
  void whatRunsOfAnotherAttemptThanTheLiveOneIsAStray() {
    assertThat(StrayJobs.of(active(2), List.of(job(1, ""), job(2, ""))))
        .containsExactly(new Stray("job-1", 1));
  }

  @Test
  void withoutALiveAttemptWhateverRunsIsAStray() {
    assertThat(StrayJobs.of(active(null), List.of(job(1, ""))))
        .containsExactly(new Stray("job-1", 1));
  }

  @Test
  void ofWhatIsOverTheLastIsKeptForItsRecord() {
    assertThat(
            StrayJobs.of(
                active(null),
                List.of(
                    job(1, "conditions: [{type: Complete, status: 'True'}]"),
                    job(2, "conditions: [{type: Failed, status: 'True'}]"))))
        .containsExactly(new Stray("job-1", 1));
  }

  @Test
  void whatIsGoingNeedsNothing() {
    Job going = job(1, "");
    going.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    assertThat(StrayJobs.of(active(2), List.of(going))).isEmpty();
  }

  private static FashionTrainingJobStatus active(Integer attempt) {
    return new FashionTrainingJobStatus(
        null, null, null, null, null, null, null, null, null, 2, attempt, null, null, null, null,
        null, null, null);
  }

  private static Job job(int attempt, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: job-%d, labels: {training.fashion-mnist.io/attempt: "%d"}}
        status: {%s}
        """
            .formatted(attempt, attempt, status),
        Job.class);
  }
}
