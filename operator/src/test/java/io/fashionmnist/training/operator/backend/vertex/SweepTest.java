package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.JobState;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SweepTest {
  private static final VertexRegion EAST = new VertexRegion("p", "us-east1");
  private static final JobOwner ANNA = new JobOwner("team", "anna", "uid-a", 2);
  private static final JobOwner BEFORE = new JobOwner("team", "anna", "uid-a", 1);
  private static final JobOwner NAMESAKE = new JobOwner("team", "anna", "uid-b", 2);

  private final ServiceStandIn service = new ServiceStandIn(() -> Instant.EPOCH);
  private boolean cached;
  private boolean apiServerIsDown;
  private final Sweep sweep = new Sweep(this::resource, service, _ -> cached);

  @Test
  void theYoungerOfTwoIsCancelled() {
    cached = true;
    over(job(2, ANNA), job(1, ANNA));
    assertThat(state(1)).isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(state(2)).isEqualTo(JobState.JOB_STATE_CANCELLING);
  }

  @Test
  void whatNobodyWantsIsCancelledAfterAnAnswerOfTheApiServer() {
    over(job(1, BEFORE), job(2, ANNA), job(3, NAMESAKE));
    assertThat(state(1)).as("its attempt is over").isEqualTo(JobState.JOB_STATE_CANCELLING);
    assertThat(state(2)).as("live").isEqualTo(JobState.JOB_STATE_RUNNING);
    assertThat(state(3)).as("its resource is gone").isEqualTo(JobState.JOB_STATE_CANCELLING);
  }

  @Test
  void nothingIsCancelledWhileTheApiServerIsSilent() {
    apiServerIsDown = true;
    over(job(1, NAMESAKE));
    assertThat(state(1)).isEqualTo(JobState.JOB_STATE_RUNNING);
  }

  @Test
  void oneThatIsBeingCancelledIsLeftAloneAndAFailureKeepsNoOther() {
    over(job(1, NAMESAKE).toBuilder().setState(JobState.JOB_STATE_CANCELLING).build());
    assertThat(service.count("cancel")).isZero();
    service.down = true;
    over(job(2, NAMESAKE), job(3, BEFORE));
    assertThat(service.count("cancel")).isEqualTo(2);
  }

  private void over(CustomJob... jobs) {
    List.of(jobs).forEach(each -> service.jobs.put(each.getName(), each));
    sweep.over(EAST, PolledJobsTest.list(jobs));
  }

  private JobState state(int number) {
    return service.jobs.get(job(number, ANNA).getName()).getState();
  }

  private static CustomJob job(int number, JobOwner owner) {
    return PolledJobsTest.job(number, owner, JobState.JOB_STATE_RUNNING);
  }

  private Optional<FashionTrainingJob> resource(JobOwner owner) {
    if (apiServerIsDown) {
      throw new KubernetesClientException("connection refused");
    }
    return Optional.of(
        Serialization.unmarshal(
            """
            metadata: {name: anna, namespace: team, uid: uid-a}
            status: {activeAttempt: 2}
            """,
            FashionTrainingJob.class));
  }
}
