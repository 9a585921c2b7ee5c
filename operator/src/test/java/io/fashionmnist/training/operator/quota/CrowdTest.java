package io.fashionmnist.training.operator.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.v1alpha1.VertexPlacement.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Many jobs, any order of events, and a region that is full. */
class CrowdTest {
  private static final QuotaScope EAST = new QuotaScope("p", "us-east1");
  private static final String CPUS = "custom_model_training_cpus";
  private static final QuotaDemand FOUR =
      QuotaDemand.of("n1-standard-4", 1, Strategy.STANDARD, Optional.empty(), 100);
  private static final int JOBS = 500;

  /** A region with room for so many jobs; answers come some seconds later, in any order. */
  private static final class Region {
    private final VirtualClock clock = new VirtualClock();
    private final Random random;
    private final QuotaLedger ledger;
    private final Map<AttemptKey, Integer> underWay = new HashMap<>();
    private final Set<AttemptKey> waiting = new HashSet<>();
    private final Set<AttemptKey> running = new HashSet<>();
    private int room;
    private int creates;
    private int mostUnderWay;

    Region(long seed, int room) {
      random = new Random(seed);
      ledger = new QuotaLedger(clock, random);
      this.room = room;
      for (int job = 0; job < JOBS; job++) {
        waiting.add(new AttemptKey("job-" + job, 1));
      }
    }

    void second() {
      for (AttemptKey key : List.copyOf(waiting)) {
        if (ledger.admit(key, EAST, FOUR) instanceof Verdict.Admitted) {
          waiting.remove(key);
          creates++;
          underWay.put(key, random.nextInt(4));
        }
      }
      mostUnderWay = Math.max(mostUnderWay, underWay.size());
      for (AttemptKey key : List.copyOf(underWay.keySet())) {
        if (underWay.merge(key, -1, Integer::sum) < 0) {
          underWay.remove(key);
          answer(key);
        }
      }
      clock.advance(Duration.ofSeconds(1));
    }

    private void answer(AttemptKey key) {
      if (running.size() < room) {
        running.add(key);
        ledger.accepted(key);
      } else {
        waiting.add(key);
        ledger.refused(key, List.of(CPUS));
      }
    }

    void until(Duration time) {
      Instant end = clock.instant().plus(time);
      while (clock.instant().isBefore(end)) {
        second();
      }
    }

    long reserved() {
      return ledger.snapshot().stream().mapToLong(QuotaState::reserved).sum();
    }
  }

  @Property(tries = 5)
  void aFullRegionSeesAtMostThreeCreatesOfFiveHundredJobs(@ForAll long seed) {
    Region region = new Region(seed, 0);
    region.until(Duration.ofMinutes(1));
    assertThat(region.creates).isBetween(1, 3);
    region.until(Duration.ofHours(2));
    assertThat(region.creates).as("then one probe after each pause").isBetween(6, 11);
    assertThat(region.mostUnderWay).isLessThanOrEqualTo(2);
  }

  @Property(tries = 5)
  void whenRoomReturnsAllFlowBackButNotAtOnce(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int fullMinutes) {
    Region region = new Region(seed, 0);
    region.until(Duration.ofMinutes(fullMinutes));
    region.room = JOBS;
    int before = region.creates;
    region.mostUnderWay = 0;
    while (region.running.isEmpty()) {
      region.second();
    }
    assertThat(region.creates - before).as("one probe finds out").isLessThanOrEqualTo(3);
    assertThat(region.mostUnderWay).isLessThanOrEqualTo(2);
    region.until(Duration.ofMinutes(3));
    assertThat(region.running).hasSize(JOBS);
    assertThat(region.mostUnderWay).isLessThanOrEqualTo(64);
    region.running.forEach(region.ledger::released);
    assertThat(region.reserved()).isZero();
  }

  @Property(tries = 5)
  void aRegionWithRoomForSomeTakesThose(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 100) int room) {
    Region region = new Region(seed, room);
    region.until(Duration.ofMinutes(2));
    assertThat(region.running).hasSize(room);
    assertThat(region.creates - room)
        .as("refusals are fewer than what was accepted, and three")
        .isLessThanOrEqualTo(room + 3);
  }

  /** One step of one job: what, who, and how long after the last. */
  record Step(int action, int job, int seconds) {}

  @Property(tries = 300)
  void whateverHappensTheBooksAreRight(
      @ForAll @Size(max = 120) List<@IntRange(max = 8 * 5 * 40 - 1) Integer> numbers) {
    VirtualClock clock = new VirtualClock();
    QuotaLedger ledger = new QuotaLedger(clock, new Random(7));
    Map<AttemptKey, Instant> probes = new HashMap<>();
    List<AttemptKey> keys = new ArrayList<>();
    for (int number : numbers) {
      Step step = new Step(number % 5, number / 5 % 8, number / 40);
      AttemptKey key = new AttemptKey("job-" + step.job(), 1);
      keys.add(key);
      clock.advance(Duration.ofSeconds(step.seconds()));
      switch (step.action()) {
        case 0, 1 -> {
          if (ledger.admit(key, EAST, FOUR) instanceof Verdict.Admitted(boolean probe) && probe) {
            probes.putIfAbsent(key, clock.instant());
          }
        }
        case 2 -> {
          ledger.accepted(key);
          probes.remove(key);
        }
        case 3 -> {
          ledger.refused(key, step.seconds() % 3 == 0 ? List.of() : List.of(CPUS));
          probes.remove(key);
        }
        default -> {
          ledger.released(key);
          probes.remove(key);
        }
      }
      Instant now = clock.instant();
      assertThat(ledger.snapshot())
          .allSatisfy(
              state -> {
                assertThat(state.reserved()).isNotNegative();
                assertThat(state.unconfirmed()).isNotNegative();
              });
      assertThat(
              probes.values().stream()
                  .filter(since -> since.plus(Duration.ofMinutes(2)).isAfter(now)))
          .as("probes under way")
          .hasSizeLessThanOrEqualTo(1);
    }
    keys.forEach(ledger::released);
    assertThat(ledger.snapshot())
        .allSatisfy(
            state -> {
              assertThat(state.reserved()).isZero();
              assertThat(state.unconfirmed()).isZero();
            });
  }
}
