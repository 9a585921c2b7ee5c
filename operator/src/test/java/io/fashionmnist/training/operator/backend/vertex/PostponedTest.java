package io.fashionmnist.training.operator.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PostponedTest {
  private static final JobOwner ANNA = new JobOwner("team", "anna", "uid-a", 1);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Postponed postponed = new Postponed(() -> now, new Random(1));

  @Test
  void pausesDoubleUpToTwoMinutesThoughTheirTimeIsForgottenInBetween() {
    List<Duration> pauses = new ArrayList<>();
    for (int times = 0; times < 6; times++) {
      postponed.begin(ANNA);
      postponed.postpone(ANNA);
      pauses.add(pause());
    }
    for (int times = 0; times < pauses.size(); times++) {
      long shortest = 10L << Math.min(times, 3);
      assertThat(pauses.get(times))
          .isBetween(Duration.ofSeconds(shortest), Duration.ofSeconds(shortest * 3 / 2 + 1));
    }
  }

  @Test
  void onceBegunItIsInDoubt() {
    postponed.postpone(ANNA);
    now = now.plusSeconds(60);
    assertThat(postponed.due(ANNA)).isTrue();
    assertThat(postponed.holds(ANNA)).isTrue();
    postponed.begin(ANNA);
    assertThat(postponed.due(ANNA)).isFalse();
    assertThat(postponed.holds(ANNA)).isFalse();
  }

  @Test
  void nothingIsKnownOfOneThatWasForgotten() {
    postponed.postpone(ANNA);
    postponed.forget(ANNA);
    now = now.plusSeconds(60);
    assertThat(postponed.due(ANNA)).isFalse();
    List<JobOwner> told = new ArrayList<>();
    postponed.tellDue(told::add);
    assertThat(told).isEmpty();
  }

  private Duration pause() {
    Instant begin = now;
    while (!postponed.due(ANNA)) {
      now = now.plusMillis(100);
    }
    return Duration.between(begin, now);
  }
}
