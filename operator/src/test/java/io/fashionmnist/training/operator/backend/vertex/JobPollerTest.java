package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Time and threads are the test's own. */
class JobPollerTest {
  private static final VertexRegion EAST = new VertexRegion("p", "us-east1");
  private static final VertexRegion WEST = new VertexRegion("p", "us-west1");
  private static final JobOwner ANNA = new JobOwner("team", "anna", "uid-a", 1);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final List<VertexRegion> lists = new ArrayList<>();
  private final List<Set<JobOwner>> told = new ArrayList<>();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private List<CustomJob> jobs = List.of();
  private boolean down;
  private final JobPoller poller =
      new JobPoller(this::list, "here", INTERVAL, () -> now, new Random(1), tasks::add, told::add);

  @Test
  void oneListForEachRegionAndIntervalHoweverManyAsk() {
    for (int second = 0; second < 100; second++) {
      poller.poll(Set.of(EAST, WEST));
      work();
      now = now.plusSeconds(1);
    }
    assertThat(lists.stream().filter(EAST::equals).count()).isBetween(8L, 11L);
    assertThat(lists.stream().filter(WEST::equals).count()).isBetween(8L, 11L);
  }

  @Test
  void nothingLivesNothingIsAsked() {
    poller.poll(Set.of());
    assertThat(tasks).isEmpty();
  }

  @Test
  void aSlowRegionIsNotAskedTwiceAtOnceAndDelaysNoOther() {
    poller.poll(Set.of(EAST));
    now = now.plus(INTERVAL.multipliedBy(3));
    poller.poll(Set.of(EAST, WEST));
    assertThat(tasks).hasSize(2);
  }

  @Test
  void whoseJobsChangedIsTold() {
    jobs = List.of(PolledJobsTest.job(1, ANNA, JobState.JOB_STATE_RUNNING));
    poller.fresh(EAST);
    poller.fresh(EAST);
    assertThat(told).containsExactly(Set.of(ANNA));
    jobs = List.of();
    poller.fresh(EAST);
    assertThat(told).hasSize(2);
  }

  @Test
  void aListThatFailsLeavesTheOldOneWithItsAge() {
    jobs = List.of(PolledJobsTest.job(1, ANNA, JobState.JOB_STATE_RUNNING));
    PolledJobs before = poller.fresh(EAST);
    down = true;
    now = now.plusSeconds(60);
    poller.poll(Set.of(EAST));
    work();
    assertThat(poller.latest(EAST)).contains(before);
    assertThat(poller.latest(EAST).orElseThrow().takenAt()).isEqualTo(now.minusSeconds(60));
    assertThat(poller.failure(EAST)).isPresent();
    assertThatThrownBy(() -> poller.fresh(EAST)).isInstanceOf(VertexCallException.class);
    down = false;
    poller.fresh(EAST);
    assertThat(poller.failure(EAST)).isEmpty();
  }

  @Test
  void aListThatWasOvertakenIsDropped() {
    jobs = List.of(PolledJobsTest.job(1, ANNA, JobState.JOB_STATE_RUNNING));
    List<PolledJobs> newer = new ArrayList<>();
    JobPoller overtaken =
        new JobPoller(
            (region, _) -> {
              if (newer.isEmpty()) {
                // While this list is under way, another is asked for later and comes first.
                now = now.plusSeconds(1);
                newer.add(new PolledJobs(now, List.of()));
                return freshInside(region);
              }
              return jobs;
            },
            "here",
            INTERVAL,
            () -> now,
            new Random(1),
            tasks::add,
            told::add);
    inside = overtaken;
    overtaken.fresh(EAST);
    assertThat(overtaken.latest(EAST).orElseThrow().jobs()).hasSize(1);
    assertThat(told).containsExactly(Set.of(ANNA));
  }

  private JobPoller inside = poller;

  private List<CustomJob> freshInside(VertexRegion region) {
    inside.fresh(region);
    return List.of();
  }

  private List<CustomJob> list(VertexRegion region, String filter) {
    assertThat(filter).isEqualTo(JobLabels.liveFilter("here"));
    lists.add(region);
    if (down) {
      throw new VertexCallException(new VertexFailure.ServiceFault("down"), true, null);
    }
    return jobs;
  }

  private void work() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }
}
