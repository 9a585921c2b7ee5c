package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.aiplatform.v1.JobState;
import com.google.rpc.Status;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Consequence;
import io.fashionmnist.training.operator.backend.AttemptObservation.Failures;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VertexObserverTest {
  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant ENDED = CREATED.plusSeconds(600);

  private final VertexObserver observer = new VertexObserver();

  @ParameterizedTest
  @EnumSource(JobState.class)
  void everyStateIsSomething(JobState state) {
    assertThat(observe(state, Optional.empty(), ENDED.plusSeconds(1))).isNotNull();
  }

  @Test
  void aQueuedJobWaitsForCapacitySinceItWasCreated() {
    assertThat(observe(JobState.JOB_STATE_QUEUED, Optional.empty(), CREATED))
        .isInstanceOfSatisfying(
            AttemptObservation.Waiting.class,
            waiting -> {
              assertThat(waiting.cause()).isEqualTo(Cause.CAPACITY);
              assertThat(waiting.since()).contains(CREATED);
            });
  }

  @Test
  void aFailureIsNotJudgedBeforeItIsExplained() {
    assertThat(observe(JobState.JOB_STATE_FAILED, Optional.empty(), ENDED.plusSeconds(89)))
        .isInstanceOf(AttemptObservation.Leaving.class);
    assertThat(observe(JobState.JOB_STATE_FAILED, Optional.empty(), ENDED.plusSeconds(91)))
        .isInstanceOfSatisfying(
            AttemptObservation.Failed.class,
            failed -> assertThat(failed.consequence()).isEqualTo(Consequence.RETRY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          8 | The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_cpus | ELSEWHERE | QuotaExceeded | 0 | 0
          8 | Resources are insufficient in region: us-central1. Try a different region or use a different accelerator. | ELSEWHERE | Stockout | 0 | 0
          3 | The replica workerpool0-0 exited with a non-zero status of 2. Termination reason: Error. | FINAL | TrainerFailed | 0 | 0
          3 | The replica workerpool0-0 exited with a non-zero status of 143. Termination reason: Error. | RETRY | Interrupted | 0 | 1
          3 | The replica workerpool0-0 exited with a non-zero status of 1. Termination reason: Error. | RETRY | TrainerFailed | 1 | 0
          3 | The replica workerpool0-0 ran out of memory and exited with a non-zero status of 137. | RETRY | OutOfMemory | 1 | 0
          7 | Permission 'aiplatform.customJobs.create' denied on resource '//aiplatform.googleapis.com/projects/p/locations/us-east1' (or it may not exist). | FINAL | PermissionDenied | 0 | 0
          13 | Internal error occurred for the current attempt | RETRY | ServiceFault | 1 | 0
          8 | Quota exceeded for quota metric 'Job or LRO submission requests' and limit 'Job or LRO submission requests per minute per region' | RETRY | RateLimited | 1 | 0
          """)
  void aFailureMeansTheSameAsInTheCluster(
      int code,
      String message,
      Consequence consequence,
      String reason,
      int counted,
      int interruptions) {
    Status error = Status.newBuilder().setCode(code).setMessage(message).build();

    assertThat(observe(JobState.JOB_STATE_FAILED, Optional.of(error), ENDED))
        .isInstanceOfSatisfying(
            AttemptObservation.Failed.class,
            failed -> {
              assertThat(failed.consequence()).isEqualTo(consequence);
              assertThat(failed.reason()).isEqualTo(reason);
              assertThat(failed.failures()).isEqualTo(new Failures(counted, interruptions));
              assertThat(failed.message()).contains(message.substring(0, 20));
            });
  }

  @Test
  void aCancellationThatTakesTooLongIsTold() {
    assertThat(observe(JobState.JOB_STATE_CANCELLING, Optional.empty(), CREATED.plusSeconds(599)))
        .isInstanceOfSatisfying(
            AttemptObservation.Leaving.class, leaving -> assertThat(leaving.complaint()).isEmpty());
    assertThat(observe(JobState.JOB_STATE_CANCELLING, Optional.empty(), CREATED.plusSeconds(601)))
        .isInstanceOfSatisfying(
            AttemptObservation.Leaving.class,
            leaving -> assertThat(leaving.complaint().orElse("")).contains("customJobs/2 since"));
  }

  private AttemptObservation observe(JobState state, Optional<Status> error, Instant now) {
    return observer.observe(
        new PolledJob(
            "projects/1/locations/us-central1/customJobs/2",
            new JobOwner("team", "job", "uid", 1),
            state,
            CREATED,
            Optional.empty(),
            Optional.of(ENDED),
            Optional.of(CREATED).filter(_ -> state == JobState.JOB_STATE_CANCELLING),
            error),
        Optional.empty(),
        now);
  }
}
