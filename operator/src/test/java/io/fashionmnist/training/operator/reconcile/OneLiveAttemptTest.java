package io.fashionmnist.training.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.AttemptState;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.api.v1alpha1.CleanPodPolicy;
import io.fashionmnist.training.api.v1alpha1.ClusterPlacement;
import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobSpec;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.api.v1alpha1.OutputSpec;
import io.fashionmnist.training.api.v1alpha1.Phase;
import io.fashionmnist.training.api.v1alpha1.Placement;
import io.fashionmnist.training.api.v1alpha1.RunPolicy;
import io.fashionmnist.training.api.v1alpha1.VertexPlacement;
import io.fashionmnist.training.operator.backend.AttemptName;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Consequence;
import io.fashionmnist.training.operator.backend.AttemptObservation.Failures;
import io.fashionmnist.training.operator.backend.Sight;
import io.fashionmnist.training.operator.backend.Stray;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The pure core in a small world with a clock of its own: passes on stale views of the resource and
 * of its Jobs, passes that end between the intent and its effect, operators that are held up there
 * and go on later, pods that come and go, a user who suspends, resumes and deletes.
 */
class OneLiveAttemptTest {
  private static final Set<String> DRAWN = drawn();
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

  /**
   * Invariants 1 and 2: at most one live attempt, and a restart at any instruction doubles nothing.
   */
  @Property
  void atMostOneAttemptIsLiveWhateverHappens(@ForAll long seed) {
    World world = new World(new Random(seed));
    for (int step = 0; step < 120; step++) {
      world.step();
      assertThat(world.live()).as("live attempts after step %d", step).hasSizeLessThanOrEqualTo(1);
      world.checkStatus();
    }
  }

  /** What the cluster's finalizer is for: nothing runs outside when a resource has gone. */
  @Property
  void nothingIsLeftOnVertexWhenAResourceHasGone(@ForAll long seed) {
    World world = new World(new Random(seed));
    for (int step = 0; step < 60; step++) {
      world.step();
    }
    world.delete();
    for (int step = 0; step < 60 && !world.gone; step++) {
      world.step();
    }
    world.calm();
    assertThat(world.gone).isTrue();
    assertThat(world.live()).isEmpty();
  }

  /** Invariant 2, the other half: left in peace, every job ends. */
  @Property
  void leftInPeaceEveryJobEnds(@ForAll long seed) {
    World world = new World(new Random(seed));
    for (int step = 0; step < 40; step++) {
      world.step();
    }
    world.calm();
    if (world.gone) {
      return;
    }
    assertThat(world.status().phase()).as("%s", world.status()).isIn(Phase.SUCCEEDED, Phase.FAILED);
    assertThat(world.status().activeAttempt()).isNull();
    assertThat(world.live()).isEmpty();
    if (world.policy().ttlSecondsAfterFinished() != null) {
      assertThat(world.jobsInTheCluster()).isEmpty();
    }
    if (world.policy().cleanPodPolicy() == CleanPodPolicy.ALL) {
      assertThat(world.podsInTheCluster()).isZero();
    }
  }

  /** The diagram in docs/concepts.md has every way from phase to phase. */
  @Property
  void theDiagramHasEveryWayThatPhasesGo(@ForAll long seed) {
    World world = new World(new Random(seed));
    for (int step = 0; step < 120; step++) {
      world.step();
    }
    world.calm();
    String before = "[*]";
    for (FashionTrainingJobStatus status : world.versions) {
      String phase = status.phase() == null ? before : status.phase().text();
      assertThat(phase.equals(before) || DRAWN.contains(before + " --> " + phase))
          .as("%s --> %s", before, phase)
          .isTrue();
      before = phase;
    }
  }

  private static Set<String> drawn() {
    try {
      return Files.readAllLines(Path.of("../docs/concepts.md")).stream()
          .map(line -> line.strip().replaceFirst(":.*", ""))
          .filter(line -> line.matches("\\S+ --> [A-Z][a-z]+"))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Invariant 8: nothing in a status changes without a cause. */
  @Property
  void theSamePassTwiceWritesOnce(@ForAll long seed) {
    World world = new World(new Random(seed));
    for (int step = 0; step < 60; step++) {
      world.step();
      FashionTrainingJobStatus before = world.status();
      Decision again = world.decideOn(before);
      if (again instanceof Decision.Note || again instanceof Decision.Pause) {
        FashionTrainingJobStatus once = world.after(before, again);
        world.clock = world.clock.plusMillis(10);
        assertThat(world.after(once, again)).isEqualTo(once);
      }
    }
  }

  private static final class World {
    private final Random random;
    private final Decider decider = new Decider(false);
    private final StatusFactory factory = new StatusFactory(World::name);
    private final List<FashionTrainingJobStatus> versions =
        new ArrayList<>(List.of(FashionTrainingJobStatus.none()));

    /** What runs, by attempt: the backends' own truth. */
    private final Map<Integer, AttemptObservation> jobs = new HashMap<>();

    /** Which of them are in the cluster, in the form of a Job. */
    private final Set<Integer> inTheCluster = new HashSet<>();

    /** What views of Jobs may still show, the newest last. */
    private final List<Map<Integer, AttemptObservation>> snapshots =
        new ArrayList<>(List.of(Map.of()));

    /** Creates that operators were held up before. */
    private final List<Attempt> heldUp = new ArrayList<>();

    private final RunPolicy fixed;
    private Optional<Instant> deleted = Optional.empty();
    private boolean heldBack;
    private boolean abandoned;
    private boolean gone;

    /** What is known of the placements, which changes from pass to pass. */
    private Map<String, Admission> admissions = Map.of();

    private boolean suspend;
    private Instant clock = Instant.parse("2026-01-01T00:00:00Z");

    World(Random random) {
      this.random = random;
      fixed =
          new RunPolicy(
              null,
              random.nextInt(3) == 0 ? 600L + random.nextInt(3_000) : null,
              2,
              random.nextBoolean() ? 60 : null,
              CleanPodPolicy.values()[random.nextInt(3)],
              null,
              null);
    }

    RunPolicy policy() {
      return new RunPolicy(
          suspend,
          fixed.activeDeadlineSeconds(),
          fixed.backoffLimit(),
          fixed.ttlSecondsAfterFinished(),
          fixed.cleanPodPolicy(),
          null,
          null);
    }

    Set<Integer> jobsInTheCluster() {
      return jobs.keySet().stream().filter(inTheCluster::contains).collect(Collectors.toSet());
    }

    int podsInTheCluster() {
      return jobsInTheCluster().stream()
          .map(number -> jobs.get(number).replicas())
          .mapToInt(pods -> pods.active() + pods.succeeded() + pods.failed())
          .sum();
    }

    FashionTrainingJobStatus status() {
      return versions.getLast();
    }

    List<Integer> live() {
      return jobs.entrySet().stream()
          .filter(entry -> !ended(entry.getValue()))
          .map(Map.Entry::getKey)
          .toList();
    }

    void step() {
      if (gone) {
        return;
      }
      clock = clock.plusSeconds(random.nextInt(12) == 0 ? random.nextInt(400) : random.nextInt(3));
      admissions = Map.of("regional", admission());
      switch (random.nextInt(40)) {
        case 0, 1, 2, 3, 4 -> suspend = !suspend;
        case 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 -> advance();
        case 19, 20, 21, 22 -> goOn();
        case 23 -> {
          if (random.nextInt(8) == 0) {
            delete();
          }
        }
        default -> pass(random.nextInt(4) == 0, random.nextInt(3) == 0, random.nextInt(4) == 0);
      }
      snapshots.add(Map.copyOf(jobs));
    }

    void delete() {
      if (deleted.isEmpty()) {
        deleted = Optional.of(clock);
        gone = !heldBack;
        collect();
      }
    }

    /** As the garbage collector does: what is the resource's own goes with it. */
    private void collect() {
      if (gone) {
        jobs.keySet().removeIf(inTheCluster::contains);
      }
    }

    /**
     * Operators that were held up go on. They know the time of their intents, by clocks that are
     * not quite right.
     */
    private void goOn() {
      heldUp.removeIf(
          attempt -> {
            Instant end = attempt.begunLast().plus(LiveAttempt.CREATE_TIME).plusSeconds(4);
            if (!gone && !clock.isAfter(end)) {
              create(attempt);
            }
            return true;
          });
    }

    private Admission admission() {
      return switch (random.nextInt(4)) {
        case 0 -> new Admission.Shut("QuotaExhausted", "42 of 42", List.of("cpus"));
        case 1 -> new Admission.Undecided(Duration.ofSeconds(1));
        default -> new Admission.Open();
      };
    }

    private static boolean ended(AttemptObservation seen) {
      return seen instanceof AttemptObservation.Succeeded
          || seen instanceof AttemptObservation.Failed
          || seen instanceof AttemptObservation.Cancelled;
    }

    private static AttemptObservation failed(Consequence consequence, String reason) {
      return failed(consequence, reason, NOTHING_RUNS);
    }

    private static AttemptObservation failed(
        Consequence consequence, String reason, ReplicaStatus pods) {
      return new AttemptObservation.Failed(
          consequence,
          reason,
          "code 1",
          consequence == Consequence.ELSEWHERE ? List.of("cpus") : List.of(),
          new Failures(consequence == Consequence.ELSEWHERE ? 0 : 1, 0),
          Optional.empty(),
          pods);
    }

    /** No more surprises: fresh views, whole passes, pods that succeed. */
    void calm() {
      suspend = false;
      admissions = Map.of();
      heldUp.clear();
      for (int step = 0; step < 200 && !gone; step++) {
        clock = clock.plusSeconds(30);
        snapshots.add(Map.copyOf(jobs));
        pass(false, false, false);
        jobs.replaceAll(
            (_, seen) ->
                seen instanceof AttemptObservation.Leaving
                    ? new AttemptObservation.Cancelled("cancelled", NOTHING_RUNS)
                    : ended(seen)
                        ? seen
                        : new AttemptObservation.Succeeded(Optional.empty(), NOTHING_RUNS));
      }
    }

    /**
     * A pass.
     *
     * @param stale its view of the resource may be an old one
     * @param lagging its view of Jobs may be an old one
     * @param crash it ends, or is held up, between what it writes and what it does
     */
    void pass(boolean stale, boolean lagging, boolean crash) {
      int seen = stale ? random.nextInt(versions.size()) : versions.size() - 1;
      FashionTrainingJobStatus view = versions.get(seen);
      Map<Integer, AttemptObservation> shown =
          lagging
              ? snapshots.get(snapshots.size() - 1 - random.nextInt(Math.min(4, snapshots.size())))
              : Map.copyOf(jobs);
      boolean current = seen == versions.size() - 1;
      Observation observation = observation(view, shown, current);
      Decision decision = decider.decide(observation, clock);
      if (decision instanceof Decision.Submit) {
        resubmit(view, crash);
        return;
      }
      boolean lastIsThere =
          observation
              .lastMade()
              .filter(last -> last.backend() == Backend.CLUSTER)
              .filter(last -> jobs.containsKey(last.number()) && !ended(jobs.get(last.number())))
              .isPresent();
      if (decision instanceof Decision.Begin && lastIsThere) {
        return;
      }
      FashionTrainingJobStatus after = factory.status(observation, decision, clock);
      if (!after.equals(view)) {
        if (!current) {
          return; // the write carries the version it saw: 409
        }
        if (decision instanceof Decision.Begin(Placement placement, _, _)) {
          heldBack |= placement.backend() == Backend.VERTEX;
        }
        versions.add(after);
      }
      if (crash) {
        if (decision instanceof Decision.Begin) {
          holdUp(after.attempts().getLast());
        }
        return;
      }
      switch (decision) {
        case Decision.Begin _ -> create(after.attempts().getLast());
        case Decision.EndStray(Stray stray) -> endStray(stray);
        case Decision.Stop _ -> stop(observation.active().orElseThrow());
        case Decision.CleanUp(Decision.Leftover leftover, _) ->
            cleanUp(leftover, observation.last().orElseThrow().number());
        case Decision.LetGo(var left) -> letGo(left, current);
        case Decision.Submit _,
            Decision.Ignore _,
            Decision.Note _,
            Decision.PassOver _,
            Decision.Register _,
            Decision.End _,
            Decision.Finish _,
            Decision.Pause _,
            Decision.Suspend _ -> {}
      }
    }

    /** Custom jobs have a test of their own for that: their backend sees to it. */
    private void holdUp(Attempt attempt) {
      if (attempt.backend() == Backend.CLUSTER) {
        heldUp.add(attempt);
      }
    }

    private void cleanUp(Decision.Leftover leftover, int attempt) {
      switch (leftover) {
        case JOB -> jobs.remove(attempt);
        case PODS ->
            jobs.computeIfPresent(
                attempt,
                (_, seen) ->
                    seen instanceof AttemptObservation.Succeeded
                        ? new AttemptObservation.Succeeded(Optional.empty(), ReplicaStatus.NONE)
                        : failed(Consequence.FINAL, "TrainerFailed", ReplicaStatus.NONE));
        case CUSTOM_JOBS -> {}
      }
    }

    private void letGo(Optional<String> left, boolean current) {
      if (!current) {
        return;
      }
      heldBack = false;
      abandoned |= left.isPresent();
      gone = deleted.isPresent();
      if (gone && abandoned) {
        jobs.clear(); // the sweep goes on, elsewhere
      }
      collect();
    }

    /** As the actor does: the resource itself is asked before a stray is ended. */
    private void endStray(Stray stray) {
      if (stray.attempt() <= status().attemptCount() && strays(status(), jobs).contains(stray)) {
        jobs.remove(stray.attempt());
      }
    }

    /** As the starter does: the resource itself is asked before an intent is written anew. */
    private void resubmit(FashionTrainingJobStatus view, boolean crash) {
      FashionTrainingJobStatus live = status();
      if (jobs.containsKey(view.activeAttempt())
          || deleted.isPresent()
          || !view.activeAttempt().equals(live.activeAttempt())
          || live.attempts().getLast().state() != AttemptState.QUEUED) {
        return;
      }
      Attempt last = live.attempts().getLast();
      Placement placement =
          last.backend() == Backend.VERTEX ? vertex("regional") : placement(last.placement());
      versions.add(
          factory.status(observation(live, jobs, true), new Decision.Submit(placement), clock));
      Attempt begunAgain = status().attempts().getLast();
      if (crash) {
        holdUp(begunAgain);
      } else {
        create(begunAgain);
      }
    }

    private void create(Attempt attempt) {
      if (attempt.backend() == Backend.VERTEX && random.nextInt(3) == 0) {
        refused(attempt);
        return;
      }
      if (attempt.backend() == Backend.CLUSTER) {
        inTheCluster.add(attempt.number());
      }
      jobs.putIfAbsent(
          attempt.number(),
          new AttemptObservation.Waiting(Cause.STARTING, "Starting", "", replicas()));
    }

    /** The answer to a create comes in the same pass, and is written unless the pass ends here. */
    private void refused(Attempt attempt) {
      boolean current =
          status().activeAttempt() != null && status().activeAttempt().equals(attempt.number());
      if (random.nextInt(4) == 0
          || !current
          || status().attempts().getLast().state() != AttemptState.QUEUED) {
        return;
      }
      AttemptObservation answer =
          failed(
              random.nextInt(4) == 0 ? Consequence.FINAL : Consequence.ELSEWHERE, "QuotaExceeded");
      Observation seen = observation(status(), jobs, true).with(Sight.of(answer));
      versions.add(factory.status(seen, decider.decide(seen, clock), clock));
      assertThat(status().attempts().getLast().number()).isEqualTo(attempt.number());
    }

    /** A Job is gone at once; a custom job is cancelled, and told so later. */
    private void stop(Attempt attempt) {
      if (attempt.backend() == Backend.CLUSTER) {
        jobs.remove(attempt.number());
      } else {
        jobs.computeIfPresent(
            attempt.number(),
            (_, seen) -> ended(seen) ? seen : new AttemptObservation.Leaving(replicas()));
      }
    }

    private void advance() {
      jobs.replaceAll((number, seen) -> random.nextInt(3) == 0 ? other(number, seen) : seen);
      if (random.nextInt(20) == 0) {
        jobs.clear(); // someone deletes the Job
      }
    }

    private AttemptObservation other(int attempt, AttemptObservation seen) {
      if (ended(seen)) {
        return seen;
      }
      boolean cluster = inTheCluster.contains(attempt);
      if (seen instanceof AttemptObservation.Leaving) {
        // A cancelled custom job may still end well.
        return random.nextInt(3) == 0
            ? new AttemptObservation.Succeeded(Optional.empty(), NOTHING_RUNS)
            : new AttemptObservation.Cancelled("cancelled", NOTHING_RUNS);
      }
      return switch (random.nextInt(cluster ? 6 : 8)) {
        case 0 ->
            new AttemptObservation.Waiting(Cause.CAPACITY, "Unschedulable", "no room", replicas());
        case 1 ->
            new AttemptObservation.Waiting(
                Cause.CONFIGURATION, "ImagePullFailed", "no image", replicas());
        case 2 ->
            new AttemptObservation.Restarting("Evicted", "gone", new Failures(0, 1), replicas());
        case 3 -> new AttemptObservation.Succeeded(Optional.empty(), NOTHING_RUNS);
        // A Job that has failed has been retried by its controller.
        case 4 ->
            failed(
                cluster ? Consequence.FINAL : Consequence.values()[random.nextInt(3)],
                "TrainerFailed");
        case 5 -> new AttemptObservation.Running(Failures.NONE, replicas());
        case 6 -> new AttemptObservation.Cancelled("by someone else", NOTHING_RUNS);
        default -> new AttemptObservation.Unreachable("no answer", replicas());
      };
    }

    Decision decideOn(FashionTrainingJobStatus view) {
      return decider.decide(observation(view, jobs, true), clock);
    }

    FashionTrainingJobStatus after(FashionTrainingJobStatus view, Decision decision) {
      return factory.status(observation(view, jobs, true), decision, clock);
    }

    /**
     * What a pass sees.
     *
     * @param shown what its view of Jobs shows; custom jobs are seen as they are
     * @param current whether its view of the resource is the newest
     */
    private Observation observation(
        FashionTrainingJobStatus view, Map<Integer, AttemptObservation> shown, boolean current) {
      FashionTrainingJob job = new FashionTrainingJob();
      job.setMetadata(
          new ObjectMetaBuilder()
              .withName("job")
              .withNamespace("team")
              .withUid("0f8fad5b-d9cb-469f-a165-70867728950e")
              .withGeneration(1L)
              .withFinalizers(heldBack ? List.of(Observation.FINALIZER) : List.of())
              .withDeletionTimestamp(
                  current
                      ? deleted
                          .map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString())
                          .orElse(null)
                      : null)
              .build());
      job.setSpec(
          new FashionTrainingJobSpec(
              policy(),
              null,
              null,
              null,
              new OutputSpec("gs://bucket/runs"),
              List.of(vertex("regional"), placement("big"), placement("small")),
              null,
              null,
              null));
      job.setStatus(view);
      AttemptObservation seen =
          view.attempts().isEmpty()
              ? new AttemptObservation.Missing()
              : seen(view.attempts().getLast(), shown);
      Optional<String> name =
          view.attempts().isEmpty() || seen instanceof AttemptObservation.Missing
              ? Optional.empty()
              : Optional.of("job-" + view.attempts().getLast().number());
      return new Observation(
          job,
          PlacementPlan.of(job, SETTINGS),
          new Sight(seen, name),
          strays(view, shown),
          admissions,
          Optional.empty());
    }

    /**
     * A Job that a view does not show is looked up where its absence would be the attempt's end.
     */
    private AttemptObservation seen(Attempt last, Map<Integer, AttemptObservation> shown) {
      AttemptObservation truth = jobs.getOrDefault(last.number(), new AttemptObservation.Missing());
      if (last.backend() == Backend.VERTEX) {
        // Of one that is over, nothing is looked for.
        return last.state().live() ? truth : new AttemptObservation.Missing();
      }
      boolean lookedUp = last.state().live() && last.state() != AttemptState.QUEUED;
      return shown.getOrDefault(last.number(), lookedUp ? truth : new AttemptObservation.Missing());
    }

    private List<Stray> strays(
        FashionTrainingJobStatus view, Map<Integer, AttemptObservation> shown) {
      return shown.entrySet().stream()
          .filter(each -> inTheCluster.contains(each.getKey()))
          .filter(each -> !each.getKey().equals(view.activeAttempt()))
          .filter(each -> !ended(each.getValue()) || each.getKey() < view.attemptCount())
          .map(each -> new Stray("job-" + each.getKey(), each.getKey()))
          .toList();
    }

    private static AttemptName name(FashionTrainingJob job, Placement placement, int attempt) {
      return placement.backend() == Backend.VERTEX
          ? new AttemptName(Optional.of("projects/shop/locations/us-central1"), Optional.empty())
          : new AttemptName(Optional.empty(), Optional.of("job-" + attempt));
    }

    private static Placement vertex(String name) {
      return new Placement(
          name,
          "5m",
          new VertexPlacement(
              "shop",
              "us-central1",
              "n1-standard-4",
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null),
          null);
    }

    private static Placement placement(String name) {
      return new Placement(
          name, Duration.ofMinutes(5).toMinutes() + "m", null, ClusterPlacement.defaults());
    }

    private static final ReplicaStatus NOTHING_RUNS = new ReplicaStatus(0, 1, 0);

    private static ReplicaStatus replicas() {
      return new ReplicaStatus(1, 0, 0);
    }

    /** Conditions and phase always agree, and an active attempt is a live one. */
    void checkStatus() {
      FashionTrainingJobStatus status = status();
      if (status.phase() == null) {
        return;
      }
      Map<Phase, String> named =
          Map.of(
              Phase.RUNNING, "Running",
              Phase.RESTARTING, "Restarting",
              Phase.SUSPENDED, "Suspended",
              Phase.SUCCEEDED, "Succeeded",
              Phase.FAILED, "Failed");
      List<String> holding =
          status.conditions().stream()
              .filter(each -> each.status().equals("True"))
              .map(Condition::type)
              .filter(type -> !List.of("Created", "QuotaAvailable").contains(type))
              .toList();
      assertThat(holding)
          .isEqualTo(Optional.ofNullable(named.get(status.phase())).stream().toList());
      assertThat(status.activeAttempt() != null)
          .isEqualTo(!status.attempts().isEmpty() && status.attempts().getLast().state().live());
      assertThat(status.completionTime() != null).isEqualTo(status.phase().finished());
    }
  }
}
