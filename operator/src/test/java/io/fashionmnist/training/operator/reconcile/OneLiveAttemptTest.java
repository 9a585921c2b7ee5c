package io.fashionmnist.training.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.Backend;
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
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.config.Tenant;
import io.fashionmnist.training.operator.placement.Admission;
import io.fashionmnist.training.operator.placement.PlacementPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The pure core in a small world with a clock of its own: passes on stale views, passes that end
 * between the intent and its effect, pods that come and go, a user who suspends and resumes.
 */
class OneLiveAttemptTest {
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

  /** Invariant 2, the other half: left in peace, every job ends. */
  @Property
  void leftInPeaceEveryJobEnds(@ForAll long seed) {
    World world = new World(new Random(seed));
    for (int step = 0; step < 40; step++) {
      world.step();
    }
    world.calm();
    assertThat(world.status().phase()).as("%s", world.status()).isIn(Phase.SUCCEEDED, Phase.FAILED);
    assertThat(world.status().activeAttempt()).isNull();
    assertThat(world.live()).isEmpty();
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

    /** What is known of the placements, which changes from pass to pass. */
    private Map<String, Admission> admissions = Map.of();

    private boolean suspend;
    private Instant clock = Instant.parse("2026-01-01T00:00:00Z");

    World(Random random) {
      this.random = random;
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
      clock = clock.plusSeconds(random.nextInt(400));
      admissions = Map.of("regional", admission());
      switch (random.nextInt(8)) {
        case 0 -> suspend = !suspend;
        case 1, 2, 3 -> advance();
        default -> pass(random.nextInt(4) == 0, random.nextInt(4) == 0);
      }
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
      return new AttemptObservation.Failed(
          consequence,
          reason,
          "code 1",
          consequence == Consequence.ELSEWHERE ? List.of("cpus") : List.of(),
          new Failures(consequence == Consequence.ELSEWHERE ? 0 : 1, 0),
          Optional.empty(),
          replicas());
    }

    /** No more surprises: fresh views, whole passes, pods that succeed. */
    void calm() {
      suspend = false;
      admissions = Map.of();
      for (int step = 0; step < 200; step++) {
        clock = clock.plusSeconds(30);
        pass(false, false);
        jobs.replaceAll(
            (_, seen) ->
                seen instanceof AttemptObservation.Leaving
                    ? new AttemptObservation.Cancelled("cancelled", replicas())
                    : ended(seen)
                        ? seen
                        : new AttemptObservation.Succeeded(Optional.empty(), replicas()));
      }
    }

    void pass(boolean stale, boolean crash) {
      int seen = stale ? random.nextInt(versions.size()) : versions.size() - 1;
      FashionTrainingJobStatus view = versions.get(seen);
      Observation observation = observation(view);
      Decision decision = decider.decide(observation, clock);
      FashionTrainingJobStatus after = factory.status(observation, decision, clock);
      boolean current = seen == versions.size() - 1;
      if (!after.equals(view)) {
        if (!current) {
          return; // the write carries the version it saw: 409
        }
        versions.add(after);
      }
      if (crash) {
        return;
      }
      switch (decision) {
        case Decision.Begin _ -> create(after.attempts().getLast());
        case Decision.Submit _ -> resubmit(view);
        case Decision.Stop _ -> stop(observation.active().orElseThrow());
        case Decision.CleanUp _ -> jobs.clear();
        case Decision.Ignore _,
            Decision.EndStray _,
            Decision.Note _,
            Decision.PassOver _,
            Decision.LetGo _,
            Decision.Register _,
            Decision.End _,
            Decision.Finish _,
            Decision.Pause _,
            Decision.Suspend _ -> {}
      }
    }

    /** As the reconciler does: the live resource is asked before an intent is carried out late. */
    private void resubmit(FashionTrainingJobStatus view) {
      if (view.activeAttempt().equals(status().activeAttempt())
          && status().attempts().getLast().state()
              == io.fashionmnist.training.api.v1alpha1.AttemptState.QUEUED) {
        create(status().attempts().getLast());
      }
    }

    private void create(Attempt attempt) {
      if (attempt.backend() == Backend.VERTEX && random.nextInt(3) == 0) {
        refused(attempt);
        return;
      }
      jobs.putIfAbsent(
          attempt.number(),
          new AttemptObservation.Waiting(Cause.STARTING, "Starting", "", replicas()));
    }

    /** The answer to a create comes in the same pass, and is written unless the pass ends here. */
    private void refused(Attempt attempt) {
      if (random.nextInt(4) == 0) {
        return;
      }
      AttemptObservation answer =
          failed(
              random.nextInt(4) == 0 ? Consequence.FINAL : Consequence.ELSEWHERE, "QuotaExceeded");
      Observation seen = observation(status()).with(Sight.of(answer));
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
      jobs.replaceAll((_, seen) -> random.nextInt(3) == 0 ? other(seen) : seen);
      if (random.nextInt(20) == 0) {
        jobs.clear(); // someone deletes the Job
      }
    }

    private AttemptObservation other(AttemptObservation seen) {
      if (ended(seen)) {
        return seen;
      }
      if (seen instanceof AttemptObservation.Leaving) {
        // A cancelled custom job may still end well.
        return random.nextInt(3) == 0
            ? new AttemptObservation.Succeeded(Optional.empty(), replicas())
            : new AttemptObservation.Cancelled("cancelled", replicas());
      }
      return switch (random.nextInt(8)) {
        case 0 ->
            new AttemptObservation.Waiting(Cause.CAPACITY, "Unschedulable", "no room", replicas());
        case 1 ->
            new AttemptObservation.Waiting(
                Cause.CONFIGURATION, "ImagePullFailed", "no image", replicas());
        case 2 ->
            new AttemptObservation.Restarting("Evicted", "gone", new Failures(0, 1), replicas());
        case 3 -> new AttemptObservation.Succeeded(Optional.empty(), replicas());
        case 4 -> failed(Consequence.values()[random.nextInt(3)], "TrainerFailed");
        case 5 -> new AttemptObservation.Cancelled("by someone else", replicas());
        case 6 -> new AttemptObservation.Unreachable("no answer", replicas());
        default -> new AttemptObservation.Running(Failures.NONE, replicas());
      };
    }

    Decision decideOn(FashionTrainingJobStatus view) {
      return decider.decide(observation(view), clock);
    }

    FashionTrainingJobStatus after(FashionTrainingJobStatus view, Decision decision) {
      return factory.status(observation(view), decision, clock);
    }

    private Observation observation(FashionTrainingJobStatus view) {
      FashionTrainingJob job = new FashionTrainingJob();
      job.setMetadata(
          new ObjectMetaBuilder()
              .withName("job")
              .withNamespace("team")
              .withUid("0f8fad5b-d9cb-469f-a165-70867728950e")
              .withGeneration(1L)
              .build());
      RunPolicy policy = new RunPolicy(suspend, null, 2, null, null, null, null);
      job.setSpec(
          new FashionTrainingJobSpec(
              policy,
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
              : jobs.getOrDefault(
                  view.attempts().getLast().number(), new AttemptObservation.Missing());
      Optional<String> name =
          view.attempts().isEmpty() || seen instanceof AttemptObservation.Missing
              ? Optional.empty()
              : Optional.of("job-" + view.attempts().getLast().number());
      return new Observation(
          job,
          PlacementPlan.of(job, SETTINGS),
          new Sight(seen, name),
          List.of(),
          admissions,
          Optional.empty());
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
