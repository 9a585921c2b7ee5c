package io.fashionmnist.training.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.CleanPodPolicy;
import io.fashionmnist.training.api.v1alpha1.ClusterPlacement;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FallbackSpec;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobSpec;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.OutputSpec;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Consequence;
import io.fashionmnist.training.operator.backend.AttemptObservation.Failures;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Stray;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is decided, a rule at a time; what all rules together keep is {@link OneLiveAttemptTest}'s.
 */
class DeciderTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ReplicaStatus ONE_RUNS = new ReplicaStatus(1, 0, 0);
  private static final AttemptObservation RUNNING =
      new AttemptObservation.Running(Failures.NONE, ONE_RUNS);
  private static final AttemptObservation GONE = new AttemptObservation.Missing();

  private final Decider decider = new Decider(false);

  // What is asked for, filled in by each test.
  private Long deadline;
  private Integer timeToLive;
  private CleanPodPolicy cleanPods;
  private String managedBy;
  private boolean suspend;
  private FallbackSpec fallback;
  private List<Placement> placements = List.of(cluster("here"));
  private Optional<Instant> deleted = Optional.empty();
  private boolean heldBack;

  // What has happened.
  private Phase phase = Phase.RUNNING;
  private final List<Attempt> attempts = new ArrayList<>();
  private final List<Condition> conditions = new ArrayList<>();
  private final List<Stray> strays = new ArrayList<>();
  private long suspendedSeconds;
  private int failures;
  private int round = 1;
  private Instant completed;
  private Map<String, Admission> admissions = Map.of();

  @ParameterizedTest
  @CsvSource({"99, 0, false", "100, 0, true", "100, 50, false", "149, 50, false", "150, 50, true"})
  void theDeadlineSpansAttemptsAndExcludesSuspension(int second, int suspended, boolean over) {
    deadline = 100L;
    suspendedSeconds = suspended;
    live(AttemptState.RUNNING);

    Decision decision = decide(RUNNING, second);

    assertThat(
            decision instanceof Decision.Stop(StopReason reason, _)
                && reason == StopReason.JOB_DEADLINE)
        .isEqualTo(over);
  }

  @Test
  void thePassComesBackWhenTheDeadlineIs() {
    deadline = 100L;
    live(AttemptState.RUNNING);

    assertThat(((Decision.Note) decide(RUNNING, 40)).lookAgain()).contains(Duration.ofSeconds(60));
  }

  @Test
  void noTimeRunsWhileAJobIsSuspended() {
    deadline = 100L;
    suspend = true;
    phase = Phase.SUSPENDED;
    over(AttemptState.SUSPENDED, 90);
    conditions.add(condition(Condition.SUSPENDED, 90));

    assertThat(decide(GONE, 10_000)).isInstanceOf(Decision.Suspend.class);
    suspend = false;
    assertThat(decide(GONE, 10_000)).isInstanceOf(Decision.Begin.class);
    suspendedSeconds = 10;
    over(AttemptState.FAILED, 90);
    conditions.clear();
    assertThat(decide(GONE, 111)).isInstanceOf(Decision.Finish.class);
  }

  @ParameterizedTest
  @CsvSource({
    // policy, active, succeeded, failed, cleaned
    "NONE,    1, 1, 1, false",
    "RUNNING, 0, 1, 1, false",
    "RUNNING, 1, 0, 0, true",
    "ALL,     0, 1, 0, true",
    "ALL,     0, 0, 1, true",
    "ALL,     0, 0, 0, false",
  })
  void podsAreDeletedAtTheEndAsThePolicySays(
      CleanPodPolicy policy, int active, int succeeded, int failed, boolean cleaned) {
    cleanPods = policy;
    finished(Phase.SUCCEEDED, 100);

    Decision decision = decide(ended(new ReplicaStatus(active, succeeded, failed)), 101);

    assertThat(decision)
        .isEqualTo(
            cleaned
                ? new Decision.CleanUp(Decision.Leftover.PODS, Optional.empty())
                : new Decision.Ignore(Optional.empty()));
  }

  @Test
  void theJobGoesWhenItsTimeIsOver() {
    timeToLive = 60;
    finished(Phase.SUCCEEDED, 100);
    AttemptObservation left = ended(new ReplicaStatus(0, 1, 0));

    assertThat(decide(left, 159))
        .isEqualTo(new Decision.Ignore(Optional.of(Duration.ofSeconds(1))));
    assertThat(decide(left, 160))
        .isEqualTo(new Decision.CleanUp(Decision.Leftover.JOB, Optional.empty()));
    assertThat(decide(GONE, 160))
        .as("and it never comes back")
        .isEqualTo(new Decision.Ignore(Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "ImagePullFailed, IMAGE",
    "ContainerConfigError, CONTAINER",
    "PodRefused, POD_REFUSED",
    "PodNotStarting, CONTAINER"
  })
  void whatIsSetWronglyFailsWhenItsPatienceIsOver(String reason, StopReason expected) {
    live(AttemptState.QUEUED);
    var waiting =
        new AttemptObservation.Waiting(Cause.CONFIGURATION, reason, "in their words", ONE_RUNS);

    assertThat(decide(waiting, 599))
        .isEqualTo(
            new Decision.Note(
                AttemptState.QUEUED, reason, "in their words", Optional.of(Duration.ofSeconds(1))));
    assertThat(decide(waiting, 600)).isEqualTo(new Decision.Stop(expected, "in their words"));
    assertThat(expected.outcome()).isEqualTo(AttemptState.FAILED);
  }

  @Test
  void noRoomMovesAJobWhereThereIsElsewhere() {
    var waiting = new AttemptObservation.Waiting(Cause.CAPACITY, "Unschedulable", "full", ONE_RUNS);
    live(AttemptState.QUEUED);
    assertThat(decide(waiting, 600)).as("nowhere else").isInstanceOf(Decision.Note.class);

    placements = List.of(cluster("here"), cluster("there"));
    assertThat(decide(waiting, 599)).isInstanceOf(Decision.Note.class);
    assertThat(((Decision.Stop) decide(waiting, 600)).reason())
        .isEqualTo(StopReason.QUEUE_DEADLINE);
  }

  /** A queue, or an outage, takes away what ran for long: its patience begins anew. */
  @Test
  void whatRanBeginsToWaitWhenThatIsSeen() {
    placements = List.of(cluster("here"), cluster("there"));
    live(AttemptState.RUNNING);
    conditions.add(condition(Condition.RUNNING, 5));
    var waiting =
        new AttemptObservation.Waiting(Cause.CAPACITY, "WaitingForQueue", "preempted", ONE_RUNS);

    assertThat(decide(waiting, 7_200))
        .isEqualTo(
            new Decision.Note(
                AttemptState.QUEUED,
                "WaitingForQueue",
                "preempted",
                Optional.of(Duration.ofMinutes(10))));
  }

  /** Invariant 8: each failed call has words of its own, which are no news. */
  @Test
  void aSilenceIsToldInItsFirstWords() {
    liveOnVertex();
    var first = new AttemptObservation.Unreachable("exceeded after 14.998s", ONE_RUNS);
    assertThat(((Decision.Note) decide(first, 60)).message()).isEqualTo("exceeded after 14.998s");

    attempts.set(
        0, attempts.getFirst().as(AttemptState.RUNNING, "Unreachable", "exceeded after 14.998s"));
    var next = new AttemptObservation.Unreachable("exceeded after 15.001s", ONE_RUNS);
    assertThat(((Decision.Note) decide(next, 70)).message()).isEqualTo("exceeded after 14.998s");
  }

  @Test
  void whatNobodyTellsIsLookedAtAgain() {
    live(AttemptState.QUEUED);
    var waiting =
        new AttemptObservation.Waiting(Cause.CAPACITY, "NamespaceQuota", "full", ONE_RUNS)
            .again(Duration.ofSeconds(10));

    assertThat(((Decision.Note) decide(waiting, 0)).lookAgain()).contains(Duration.ofSeconds(10));
  }

  @Test
  void whatIsOutsideHoldsAResourceBackForTenMinutesAtMost() {
    liveOnVertex();
    heldBack = true;
    deleted = Optional.of(START.plusSeconds(100));

    assertThat(((Decision.Stop) decide(RUNNING, 101)).reason()).isEqualTo(StopReason.DELETED);
    assertThat(decide(new AttemptObservation.Leaving(ONE_RUNS), 699))
        .isInstanceOf(Decision.Ignore.class);
    assertThat(decide(GONE, 101)).isEqualTo(new Decision.LetGo(Optional.empty()));
    assertThat(((Decision.LetGo) decide(RUNNING, 701)).abandoned().orElseThrow())
        .contains("could not be seen to end within 10m");
  }

  @Test
  void whatIsInTheClusterGoesByItself() {
    live(AttemptState.RUNNING);
    deleted = Optional.of(START);

    assertThat(decide(RUNNING, 1)).isEqualTo(new Decision.Ignore(Optional.empty()));
  }

  @Test
  void othersJobsAreLeftAlone() {
    managedBy = "kueue.x-k8s.io/multikueue";
    strays.add(new Stray("job-1", 1));

    assertThat(decide(GONE, 0)).isEqualTo(new Decision.Ignore(Optional.empty()));
  }

  @Test
  void roundsGoOnAfterAPauseUntilTheyAreOver() {
    placements = List.of(cluster("here"), cluster("there"));
    fallback = new FallbackSpec(2, "60s");
    attempts.add(attempt(1, "here", AttemptState.OUT_OF_CAPACITY, 10));
    assertThat(((Decision.Begin) decide(GONE, 100)).placement().name()).isEqualTo("there");

    attempts.add(attempt(2, "there", AttemptState.OUT_OF_CAPACITY, 100));
    Decision.Pause pause = (Decision.Pause) decide(GONE, 120);
    assertThat(pause.until()).isEqualTo(START.plusSeconds(160));
    assertThat(decide(GONE, 160))
        .isEqualTo(new Decision.Begin(placements.getFirst(), 2, List.of()));

    round = 2;
    assertThat(((Decision.Finish) decide(GONE, 1_000)).reason()).isEqualTo("NoCapacity");
  }

  @Test
  void placementsWithoutRoomAreSkipped() {
    placements = List.of(cluster("here"), cluster("there"));
    var full = new Admission.Shut("QuotaExhausted", "42 of 42", List.of("cpus"));
    admissions = Map.of("here", full);
    assertThat(decide(GONE, 0))
        .isEqualTo(
            new Decision.Begin(
                placements.getLast(), 1, List.of(new Decision.Skip(placements.getFirst(), full))));

    admissions = Map.of("here", full, "there", new Admission.Undecided(Duration.ofSeconds(3)));
    assertThat(decide(GONE, 0)).isEqualTo(new Decision.Ignore(Optional.of(Duration.ofSeconds(3))));
  }

  @Test
  void theBackoffLimitIsTheWholeJobs() {
    over(AttemptState.FAILED, 10);
    failures = 2;
    assertThat(decide(GONE, 100)).isInstanceOf(Decision.Begin.class);
    failures = 3;
    assertThat(((Decision.Finish) decide(GONE, 100)).reason()).isEqualTo("BackoffLimitExceeded");
  }

  @ParameterizedTest
  @EnumSource(Consequence.class)
  void anEndMeansWhatItsBackendSays(Consequence consequence) {
    live(AttemptState.RUNNING);
    var failed =
        new AttemptObservation.Failed(
            consequence, "Why", "how", List.of(), Failures.NONE, Optional.empty(), ONE_RUNS);

    assertThat(decide(failed, 1))
        .isEqualTo(
            switch (consequence) {
              case FINAL -> new Decision.Finish(Phase.FAILED, "Why", "how");
              case RETRY -> new Decision.End(AttemptState.FAILED, "Why", "how", 0);
              case ELSEWHERE -> new Decision.End(AttemptState.OUT_OF_CAPACITY, "Why", "how", 0);
            });
  }

  @Test
  void tenInterruptionsAreChance() {
    live(AttemptState.RUNNING);
    assertThat(decide(interrupted(10), 1)).isInstanceOf(Decision.Note.class);
    assertThat(((Decision.Stop) decide(interrupted(11), 1)).reason())
        .isEqualTo(StopReason.INTERRUPTED_TOO_OFTEN);
  }

  /** Invariant 1: somebody who was held up may still make the last attempt. */
  @Test
  void noAttemptBeginsWhileTheLastOneMayStillBeMade() {
    over(AttemptState.SUSPENDED, 2);

    assertThat(decide(GONE, 5)).isEqualTo(new Decision.Ignore(Optional.of(Duration.ofSeconds(10))));
    assertThat(decide(GONE, 15)).isInstanceOf(Decision.Begin.class);
  }

  /** Invariant 1: what somebody made too late all the same is ended before anything else. */
  @Test
  void straysGoFirst() {
    live(AttemptState.RUNNING);
    strays.add(new Stray("job-1", 1));
    assertThat(decide(RUNNING, 1)).isEqualTo(new Decision.EndStray(new Stray("job-1", 1)));

    attempts.clear();
    finished(Phase.FAILED, 10);
    assertThat(decide(GONE, 11)).isEqualTo(new Decision.EndStray(new Stray("job-1", 1)));
  }

  private Decision decide(AttemptObservation seen, int second) {
    FashionTrainingJob job = job();
    return decider.decide(
        new Observation(
            job,
            PlacementPlan.of(job, OperatorSettings.defaults()),
            Sight.of(seen),
            strays,
            admissions,
            Optional.empty()),
        START.plusSeconds(second));
  }

  private FashionTrainingJob job() {
    FashionTrainingJob job = new FashionTrainingJob();
    job.setMetadata(
        new ObjectMetaBuilder()
            .withName("job")
            .withNamespace("team")
            .withUid("0f8fad5b-d9cb-469f-a165-70867728950e")
            .withGeneration(1L)
            .withFinalizers(heldBack ? List.of(Observation.FINALIZER) : List.of())
            .withDeletionTimestamp(deleted.map(Instant::toString).orElse(null))
            .build());
    job.setSpec(
        new FashionTrainingJobSpec(
            new RunPolicy(suspend, deadline, 2, timeToLive, cleanPods, managedBy, null),
            null,
            null,
            null,
            new OutputSpec("gs://bucket/runs"),
            placements,
            fallback,
            null,
            null));
    Optional<Attempt> last =
        attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.getLast());
    job.setStatus(
        new FashionTrainingJobStatus(
            1L,
            attempts.isEmpty() ? null : phase,
            null,
            null,
            attempts.isEmpty() ? null : START.toString(),
            completed == null ? null : completed.toString(),
            conditions,
            null,
            attempts,
            attempts.size(),
            last.filter(each -> each.state().live()).map(Attempt::number).orElse(null),
            failures,
            round,
            null,
            suspendedSeconds,
            null,
            null,
            null));
    return job;
  }

  private void live(AttemptState state) {
    attempts.add(attempt(1, "here", state, 0));
  }

  private void liveOnVertex() {
    attempts.add(
        new Attempt(
            1,
            "here",
            Backend.VERTEX,
            "projects/shop/locations/us-central1",
            "customJobs/1",
            AttemptState.RUNNING,
            "Training",
            "",
            null,
            "gs://bucket/runs/job/attempt-1",
            START.toString(),
            null,
            null,
            null));
  }

  private void over(AttemptState state, int second) {
    attempts.add(attempt(attempts.size() + 1, "here", state, second));
  }

  private void finished(Phase how, int second) {
    phase = how;
    over(how == Phase.SUCCEEDED ? AttemptState.SUCCEEDED : AttemptState.FAILED, second);
    completed = START.plusSeconds(second);
  }

  private static Attempt attempt(int number, String placement, AttemptState state, int end) {
    return new Attempt(
        number,
        placement,
        Backend.CLUSTER,
        null,
        "job-" + number,
        state,
        "Starting",
        "",
        null,
        "gs://bucket/runs/job/attempt-" + number,
        START.toString(),
        null,
        state.live() ? null : START.plusSeconds(end).toString(),
        null);
  }

  private static Condition condition(String type, int since) {
    return new Condition(type, "True", 1L, START.plusSeconds(since).toString(), type, "");
  }

  private static AttemptObservation ended(ReplicaStatus replicas) {
    return new AttemptObservation.Succeeded(Optional.empty(), replicas);
  }

  private static AttemptObservation interrupted(int times) {
    return new AttemptObservation.Restarting("Evicted", "gone", new Failures(0, times), ONE_RUNS);
  }

  private static Placement cluster(String name) {
    return new Placement(name, null, null, ClusterPlacement.defaults());
  }
}
