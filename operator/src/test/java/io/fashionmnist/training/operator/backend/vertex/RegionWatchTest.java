package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which regions are listed, and for how long. Time is the test's. */
class RegionWatchTest {
  private static final VertexRegion EAST = new VertexRegion("p", "us-east1");
  private static final JobOwner ANNA = new JobOwner("team", "anna", "uid-a", 1);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final List<JobOwner> told = new ArrayList<>();
  private final List<JobOwner> gone = new ArrayList<>();
  private int lists;
  private int followedUp;
  private boolean known = true;
  private List<CustomJob> jobs = List.of();
  private Optional<VertexFailure> failure = Optional.empty();
  private final RegionWatch watch =
      new RegionWatch(
          new JobPoller(
              this::list,
              "here",
              Duration.ofSeconds(10),
              () -> now,
              new Random(1),
              Runnable::run,
              _ -> {}),
          () -> now,
          told::add,
          _ -> known,
          gone::add,
          (_, _) -> followedUp++);

  @Test
  void whatWasGivenUpUnseenIsLookedForUntilTheRegionAnswers() {
    watch.watch(EAST, ANNA, true);
    pass(60);
    failure = Optional.of(ServiceStandIn.DOWN);
    pass(600);
    watch.forget(EAST, ANNA);
    pass(3_600);
    assertThat(listsIn(60)).isPositive();

    failure = Optional.empty();
    jobs = List.of(PolledJobsTest.job(1, ANNA, JobState.JOB_STATE_RUNNING));
    int before = followedUp;
    pass(60);
    assertThat(followedUp).isGreaterThan(before);
    pass(300);
    assertThat(listsIn(60)).as("while it lives").isPositive();
    jobs = List.of();
    pass(60);
    assertThat(listsIn(600)).isZero();
  }

  @Test
  void whereNothingLivesListsEndWhenOneMustHaveShownIt() {
    watch.watch(EAST, ANNA, true);
    pass(30);
    watch.forget(EAST, ANNA);
    assertThat(listsIn(80)).isBetween(6, 10);
    pass(20);
    assertThat(listsIn(600)).isZero();
  }

  @Test
  void aVisitIsAsLong() {
    watch.visit(EAST);
    assertThat(listsIn(80)).isPositive();
    pass(20);
    assertThat(listsIn(600)).isZero();
  }

  @Test
  void aRegionThatRefusesAVisitIsGivenUpAndOneThatIsSilentIsNot() {
    failure = Optional.of(new VertexFailure.Permission("a role", "denied"));
    watch.visit(EAST);
    pass(660);
    assertThat(listsIn(60)).isZero();

    failure = Optional.of(ServiceStandIn.DOWN);
    watch.visit(EAST);
    pass(660);
    assertThat(listsIn(60)).isPositive();
  }

  @Test
  void aRegionThatIsOnlyGuessedAtIsGivenUpWhenItIsSilent() {
    failure = Optional.of(ServiceStandIn.DOWN);
    watch.glance(EAST);
    pass(660);
    assertThat(listsIn(60)).isZero();
  }

  @Test
  void aRegionThatNeverAnsweredAnAttemptIsGivenUpAfterIt() {
    failure = Optional.of(ServiceStandIn.DOWN);
    watch.watch(EAST, ANNA, false);
    pass(900);
    assertThat(listsIn(60)).as("while the attempt waits").isPositive();
    watch.forget(EAST, ANNA);
    pass(60);
    assertThat(listsIn(60)).isZero();
  }

  @Test
  void whoWaitsForTheRegionIsToldWhenItAnswersAgain() {
    watch.watch(EAST, ANNA, true);
    jobs = List.of(PolledJobsTest.job(1, ANNA, JobState.JOB_STATE_RUNNING));
    pass(20);
    assertThat(told).containsExactly(ANNA);
    failure = Optional.of(ServiceStandIn.DOWN);
    pass(60);
    assertThat(watch.watch(EAST, ANNA, true).trouble()).isPresent();
    failure = Optional.empty();
    pass(20);
    assertThat(told).containsExactly(ANNA, ANNA);
  }

  @Test
  void whoseJobNoListShowsIsToldOfEach() {
    watch.watch(EAST, ANNA, true);
    pass(60);
    assertThat(told).as("it may have ended between two lists").hasSize(lists).contains(ANNA);
  }

  @Test
  void anAttemptWhoseResourceAndJobAreGoneIsForgotten() {
    watch.watch(EAST, ANNA, true);
    jobs = List.of(PolledJobsTest.job(1, ANNA, JobState.JOB_STATE_RUNNING));
    known = false;
    pass(30);
    assertThat(gone).isEmpty();
    jobs = List.of();
    pass(20);
    assertThat(gone).containsExactly(ANNA);
  }

  @Test
  void silenceIsAskedForOnceAndThenKnown() {
    assertThat(watch.silence(EAST)).isEmpty();
    assertThat(watch.silence(EAST)).isEmpty();
    assertThat(lists).isEqualTo(1);
    now = now.plusSeconds(61);
    failure = Optional.of(new VertexFailure.Permission("a role", "denied"));
    assertThat(watch.silence(EAST)).as("a refusal is an answer").isEmpty();
    failure = Optional.of(ServiceStandIn.DOWN);
    assertThat(watch.silence(EAST)).contains(ServiceStandIn.DOWN);
    watch.watch(EAST, ANNA, true);
    int before = lists;
    assertThat(watch.silence(EAST)).contains(ServiceStandIn.DOWN);
    assertThat(lists).isEqualTo(before);
  }

  private int listsIn(int seconds) {
    int before = lists;
    pass(seconds);
    return lists - before;
  }

  private void pass(int seconds) {
    for (int second = 0; second < seconds; second++) {
      now = now.plusSeconds(1);
      watch.tick();
    }
  }

  private List<CustomJob> list(VertexRegion region, String filter) {
    lists++;
    failure.ifPresent(
        each -> {
          throw new VertexCallException(each, true, null);
        });
    return jobs;
  }
}
