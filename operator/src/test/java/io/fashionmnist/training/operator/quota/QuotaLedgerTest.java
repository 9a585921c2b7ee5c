package io.fashionmnist.training.operator.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.v1alpha1.VertexPlacement.Strategy;
import io.fashionmnist.training.operator.quota.QuotaLedger.LiveAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuotaLedgerTest {
  private static final QuotaScope EAST = new QuotaScope("p", "us-east1");
  private static final QuotaScope WEST = new QuotaScope("p", "us-west1");
  private static final String CPUS = "custom_model_training_cpus";
  private static final QuotaDemand FOUR = demand("n1-standard-4");

  private final VirtualClock clock = new VirtualClock();
  private final QuotaLedger ledger = new QuotaLedger(clock, new Random(1));

  @Test
  void whatIsNotKnownBlocksNobody() {
    assertThat(admit(1)).isEqualTo(new Verdict.Admitted(false));
    ledger.limits(EAST, Map.of(CPUS, Limit.UNKNOWN));
    assertThat(admit(2)).isEqualTo(new Verdict.Admitted(false));
  }

  @Test
  void moreThanAKnownLimitIsImpossible() {
    ledger.limits(EAST, Map.of(CPUS, new Limit.Of(3)));
    assertThat(admit(1)).isEqualTo(new Verdict.Impossible(CPUS, 3, 4));
    ledger.limits(EAST, Map.of(CPUS, new Limit.Of(4)));
    assertThat(admit(1)).isEqualTo(new Verdict.Admitted(false));
    ledger.limits(EAST, Map.of());
    assertThat(state(CPUS).limit()).isEqualTo(Limit.UNKNOWN);
  }

  @Test
  void zeroIsALimitAndUnlimitedIsNone() {
    ledger.limits(EAST, Map.of(CPUS, new Limit.Of(0)));
    assertThat(admit(1)).isInstanceOf(Verdict.Impossible.class);
    ledger.limits(EAST, Map.of(CPUS, Limit.UNLIMITED));
    assertThat(admit(1)).isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void ourOwnJobsMayFillAKnownLimitAndNoMore() {
    ledger.limits(EAST, Map.of(CPUS, new Limit.Of(8)));
    admitted(1);
    admitted(2);
    assertThat(admit(3)).isInstanceOf(Verdict.Blocked.class);
    ledger.released(key(1));
    assertThat(admit(3)).isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void usageThatLeavesNoRoomIsOnlyAReasonForCaution() {
    ledger.limits(EAST, Map.of(CPUS, new Limit.Of(42)));
    ledger.usage(EAST, CPUS, OptionalLong.of(40));
    assertThat(admit(1)).isInstanceOf(Verdict.Admitted.class);
    assertThat(admit(2)).isInstanceOf(Verdict.Busy.class);
    ledger.accepted(key(1));
    assertThat(admit(2)).isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void anAttemptThatAsksAgainGetsTheSameAnswerAndReservesOnce() {
    assertThat(admit(1)).isEqualTo(admit(1));
    assertThat(state(CPUS).reserved()).isEqualTo(4);
    assertThat(ledger.admit(key(1), WEST, FOUR)).isInstanceOf(Verdict.Admitted.class);
    assertThat(state(CPUS).scope()).isEqualTo(WEST);
  }

  @Test
  void twoAtATimeUntilOneIsConfirmed() {
    assertThat(admit(1)).isInstanceOf(Verdict.Admitted.class);
    assertThat(admit(2)).isInstanceOf(Verdict.Admitted.class);
    assertThat(admit(3)).isInstanceOf(Verdict.Busy.class);
    ledger.accepted(key(1));
    assertThat(admit(3)).isInstanceOf(Verdict.Admitted.class);
    assertThat(admit(4)).isInstanceOf(Verdict.Admitted.class);
    assertThat(admit(5)).isInstanceOf(Verdict.Busy.class);
  }

  @Test
  void whatOneJobLearnsAllKnow() {
    admit(1);
    ledger.refused(key(1), List.of(CPUS));
    assertThat(admit(2)).isInstanceOf(Verdict.Blocked.class);
    assertThat(ledger.admit(key(2), EAST, demand("e2-standard-4")))
        .isInstanceOf(Verdict.Blocked.class);
    assertThat(ledger.admit(key(3), EAST, demand("n2-standard-4")))
        .isInstanceOf(Verdict.Admitted.class);
    assertThat(ledger.admit(key(4), WEST, FOUR)).isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void aStockoutIsAboutTheMachine() {
    admit(1);
    ledger.refused(key(1), List.of());
    assertThat(admit(2))
        .isInstanceOfSatisfying(
            Verdict.Blocked.class,
            blocked -> assertThat(blocked.metric()).isEqualTo("n1-standard-4"));
    assertThat(ledger.admit(key(3), EAST, demand("n1-standard-8")))
        .isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void aMetricThatTheShapeWasNotKnownToTakeKeepsTheShapeAway() {
    admit(1);
    ledger.refused(key(1), List.of("custom_model_training_n1_cpus"));
    assertThat(admit(2)).isInstanceOf(Verdict.Blocked.class);
    assertThat(ledger.admit(key(3), EAST, demand("e2-standard-4")))
        .isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void whatWasFullBeforeARestartIsFull() {
    Instant now = clock.instant();
    ledger.recall(
        List.of(
            noRoom(now.minusSeconds(20)),
            noRoom(now.minusSeconds(100)),
            noRoom(now.minusSeconds(3_600))));
    assertThat(admit(1)).isInstanceOf(Verdict.Blocked.class);
    assertThat(Duration.between(now, state(CPUS).blockedUntil().orElseThrow()))
        .isBetween(Duration.ofSeconds(100), Duration.ofSeconds(124));
    clock.advance(Duration.ofSeconds(125));
    assertThat(admit(1)).isEqualTo(new Verdict.Admitted(true));
  }

  @Test
  void whatWasLearnedSinceIsNotRecalledOver() {
    Instant before = clock.instant();
    clock.advance(Duration.ofMinutes(10));
    admit(1);
    ledger.refused(key(1), List.of(CPUS));
    Duration blocked = Duration.between(clock.instant(), state(CPUS).blockedUntil().orElseThrow());
    clock.advance(blocked);
    ledger.recall(List.of(noRoom(before)));
    assertThat(admit(2)).isEqualTo(new Verdict.Admitted(true));
  }

  @Test
  void whereThereWasRoomAfterwardsIsNotFull() {
    Instant now = clock.instant();
    ledger.recall(
        List.of(
            QuotaLedger.Finding.room(EAST, FOUR, now.minusSeconds(10)),
            noRoom(now.minusSeconds(20)),
            noRoom(now.minusSeconds(100))));
    assertThat(admit(1)).isEqualTo(new Verdict.Admitted(false));
  }

  private static QuotaLedger.Finding noRoom(Instant at) {
    return QuotaLedger.Finding.noRoom(EAST, FOUR, List.of(CPUS), at.minusSeconds(5), at);
  }

  @Test
  void refusalsOfOneWaveAreOnePieceOfNews() {
    admit(1);
    admit(2);
    ledger.refused(key(1), List.of(CPUS));
    var until = state(CPUS).blockedUntil();
    clock.advance(Duration.ofSeconds(2));
    ledger.refused(key(2), List.of(CPUS));
    assertThat(state(CPUS).blockedUntil()).isEqualTo(until);
  }

  @Test
  void pausesDoubleUpToHalfAnHour() {
    long[] minutes = {1, 2, 4, 8, 16, 30, 30};
    for (long expected : minutes) {
      assertThat(admit(1)).isInstanceOf(Verdict.Admitted.class);
      ledger.refused(key(1), List.of(CPUS));
      Duration pause = Duration.between(clock.instant(), state(CPUS).blockedUntil().orElseThrow());
      assertThat(pause)
          .isBetween(Duration.ofMinutes(expected), Duration.ofSeconds(expected * 60 * 12 / 10));
      clock.advance(pause);
    }
  }

  @Test
  void afterABlockOneProbesAndTheOthersWaitForItsAnswer() {
    block();
    assertThat(admit(2)).isEqualTo(new Verdict.Admitted(true));
    assertThat(admit(3)).isInstanceOf(Verdict.Blocked.class);
    ledger.accepted(key(2));
    assertThat(admit(3)).isEqualTo(new Verdict.Admitted(false));
    assertThat(admit(4)).isInstanceOf(Verdict.Busy.class);
    ledger.accepted(key(3));
    admitted(4, 5);
    assertThat(admit(6)).isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void aProberThatDiedBlocksNobodyForEver() {
    block();
    assertThat(admit(2)).isEqualTo(new Verdict.Admitted(true));
    clock.advance(Duration.ofMinutes(2));
    assertThat(admit(3)).isEqualTo(new Verdict.Admitted(true));
    assertThat(state(CPUS).reserved()).as("what the dead one may have created").isEqualTo(8);
  }

  @Test
  void aProbeThatWasGivenUpIsFreeAtOnce() {
    block();
    admit(2);
    ledger.released(key(2));
    assertThat(admit(3)).isEqualTo(new Verdict.Admitted(true));
  }

  @Test
  void anAnswerFromBeforeTheRefusalOpensNothing() {
    admit(1);
    admit(2);
    ledger.refused(key(1), List.of(CPUS));
    clock.advance(Duration.ofMinutes(3));
    ledger.accepted(key(2));
    assertThat(admit(3)).isEqualTo(new Verdict.Admitted(true));
  }

  @Test
  void aJobOfOursThatEndsMakesRoomForAProbe() {
    admitted(1);
    admit(2);
    ledger.refused(key(2), List.of(CPUS));
    assertThat(admit(3)).isInstanceOf(Verdict.Blocked.class);
    ledger.released(key(1));
    assertThat(admit(3)).isEqualTo(new Verdict.Admitted(true));
  }

  @Test
  void whatLivesIsTakenOverOnce() {
    admitted(1);
    ledger.holds(new LiveAttempt(key(7), EAST, FOUR));
    ledger.holds(new LiveAttempt(key(7), EAST, FOUR));
    assertThat(state(CPUS).reserved()).isEqualTo(8);
  }

  private void block() {
    admit(1);
    ledger.refused(key(1), List.of(CPUS));
    clock.advance(Duration.ofMinutes(2));
  }

  private void admitted(int... jobs) {
    for (int job : jobs) {
      assertThat(admit(job)).isInstanceOf(Verdict.Admitted.class);
      ledger.accepted(key(job));
    }
  }

  private Verdict admit(int job) {
    return ledger.admit(key(job), EAST, FOUR);
  }

  private QuotaState state(String metric) {
    return ledger.snapshot().stream()
        .filter(each -> each.metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }

  private static AttemptKey key(int job) {
    return new AttemptKey("job-" + job, 1);
  }

  private static QuotaDemand demand(String machine) {
    return QuotaDemand.of(machine, 1, Strategy.STANDARD, Optional.empty(), 100);
  }
}
