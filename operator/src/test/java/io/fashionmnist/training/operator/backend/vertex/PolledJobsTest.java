package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.JobState;
import com.google.protobuf.Timestamp;
import com.google.rpc.Status;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolledJobsTest {
  private static final JobOwner ANNA = new JobOwner("team", "anna.v1", "uid-a", 1);
  private static final JobOwner BERT = new JobOwner("team", "bert", "uid-b", 3);

  @Test
  void anAttemptsJobIsTheOldestThatLives() {
    PolledJobs jobs =
        list(
            job(3, ANNA, JobState.JOB_STATE_PENDING),
            job(1, ANNA, JobState.JOB_STATE_FAILED),
            job(2, ANNA, JobState.JOB_STATE_RUNNING));
    assertThat(jobs.of("uid-a", 1)).map(PolledJob::name).hasValue(name(2));
    assertThat(jobs.of("uid-a", 2)).isEmpty();
    assertThat(list(job(1, ANNA, JobState.JOB_STATE_FAILED)).of("uid-a", 1)).isPresent();
  }

  @Test
  void theYoungerOfTwoLiveJobsOfOneAttemptIsTheDuplicate() {
    PolledJobs jobs =
        list(
            job(3, ANNA, JobState.JOB_STATE_PENDING),
            job(2, ANNA, JobState.JOB_STATE_RUNNING),
            job(1, ANNA, JobState.JOB_STATE_CANCELLED),
            job(4, BERT, JobState.JOB_STATE_RUNNING),
            job(5, new JobOwner("team", "bert", "uid-b", 4), JobState.JOB_STATE_RUNNING));
    assertThat(jobs.duplicates()).extracting(PolledJob::name).containsExactly(name(3));
  }

  @Test
  void liveJobsOfNobodyAreOrphansAndThoseOfOtherInstallationsAreNotSeen() {
    CustomJob foreign =
        job(9, ANNA, JobState.JOB_STATE_RUNNING).toBuilder()
            .putAllLabels(JobLabels.of("another", ANNA))
            .build();
    PolledJobs jobs =
        list(
            foreign,
            job(1, ANNA, JobState.JOB_STATE_RUNNING),
            job(2, BERT, JobState.JOB_STATE_RUNNING),
            job(3, BERT, JobState.JOB_STATE_SUCCEEDED));
    assertThat(jobs.jobs()).hasSize(3);
    assertThat(jobs.orphans(ANNA::equals)).extracting(PolledJob::name).containsExactly(name(2));
  }

  @Test
  void whatCameWentOrLooksDifferentHasChanged() {
    CustomJob anna = job(1, ANNA, JobState.JOB_STATE_RUNNING);
    CustomJob bert = job(2, BERT, JobState.JOB_STATE_FAILED);
    PolledJobs both = list(anna, bert);
    assertThat(list(anna, bert).changedSince(both)).isEmpty();
    assertThat(both.changedSince(list(anna))).containsExactly(BERT);
    assertThat(list(bert).changedSince(both)).containsExactly(ANNA);
    CustomJob told = bert.toBuilder().setError(Status.newBuilder().setCode(8)).build();
    assertThat(list(anna, told).changedSince(both)).as("the error came").containsExactly(BERT);
    CustomJob updated =
        anna.toBuilder().setUpdateTime(Timestamp.newBuilder().setSeconds(9)).build();
    assertThat(list(updated, bert).changedSince(both)).as("nothing that matters").isEmpty();
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void onlyWhatIsSurelyOverIsOver(JobState state) {
    CustomJob.Builder job = job(1, ANNA, JobState.JOB_STATE_QUEUED).toBuilder();
    if (state == JobState.UNRECOGNIZED) {
      job.setStateValue(999);
    } else {
      job.setState(state);
    }
    boolean over = state.name().matches(".*(SUCCEEDED|FAILED|CANCELLED|PAUSED|EXPIRED)");
    assertThat(list(job.build()).jobs().getFirst().live()).isEqualTo(!over);
  }

  @Test
  void anEndThatIsNotToldIsTheLastChange() {
    Timestamp changed = Timestamp.newBuilder().setSeconds(9).build();
    CustomJob failed =
        job(1, ANNA, JobState.JOB_STATE_FAILED).toBuilder().setUpdateTime(changed).build();
    CustomJob cancelling = failed.toBuilder().setState(JobState.JOB_STATE_CANCELLING).build();
    assertThat(list(failed).jobs().getFirst().ended()).contains(Instant.ofEpochSecond(9));
    assertThat(list(cancelling).jobs().getFirst())
        .satisfies(
            job -> {
              assertThat(job.ended()).isEmpty();
              assertThat(job.cancelling()).contains(Instant.ofEpochSecond(9));
            });
  }

  @Test
  void listsAreOfWhatIsNotSurelyOver() {
    assertThat(JobLabels.liveFilter("here"))
        .startsWith("labels.fashion-training-installation=here AND state!=")
        .contains("state!=\"JOB_STATE_SUCCEEDED\"", "state!=\"JOB_STATE_PARTIALLY_SUCCEEDED\"")
        .doesNotContain("RUNNING", "CANCELLING", "UNRECOGNIZED", "UNSPECIFIED");
  }

  static PolledJobs list(CustomJob... jobs) {
    return PolledJobs.of("here", List.of(jobs), Instant.EPOCH);
  }

  /** A job whose number is its age: the higher, the younger. */
  static CustomJob job(int number, JobOwner owner, JobState state) {
    return CustomJob.newBuilder()
        .setName(name(number))
        .setState(state)
        .setCreateTime(Timestamp.newBuilder().setSeconds(number))
        .putAllLabels(JobLabels.of("here", owner))
        .build();
  }

  private static String name(int number) {
    return "projects/123/locations/r/customJobs/" + number;
  }
}
