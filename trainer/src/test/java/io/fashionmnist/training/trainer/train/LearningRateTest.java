package io.fashionmnist.training.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fashionmnist.training.api.training.EpochMetrics;
import io.fashionmnist.training.api.training.ScheduleConfig;
import io.fashionmnist.training.api.training.ScheduleType;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LearningRateTest {

  @Test
  void fallsByTheFactorAfterPatienceEpochsWithoutImprovement() {
    LearningRate rate = rate(ScheduleType.REDUCE_ON_PLATEAU, 0.5, 2, 0.0001);

    assertThat(rate.at(0, losses(1.0, 0.9))).isEqualTo(0.001);
    assertThat(rate.at(0, losses(1.0, 0.9, 0.95))).isEqualTo(0.001);
    assertThat(rate.at(0, losses(1.0, 0.9, 0.95, 0.91))).isEqualTo(0.0005);
    assertThat(rate.at(0, losses(1.0, 0.9, 0.95, 0.91, 0.92))).isEqualTo(0.0005);
    assertThat(rate.at(0, losses(1.0, 0.9, 0.95, 0.91, 0.92, 0.93))).isEqualTo(0.00025);
  }

  @Test
  void aFallSmallerThanMinDeltaIsNoImprovement() {
    LearningRate rate = rate(ScheduleType.REDUCE_ON_PLATEAU, 0.5, 2, 0.0001);

    assertThat(rate.at(0, losses(1.0, 0.99995, 0.99991))).isEqualTo(0.0005);
  }

  @Test
  void neverFallsBelowTheLowestRate() {
    LearningRate rate = rate(ScheduleType.REDUCE_ON_PLATEAU, 0.01, 1, 0.0001);

    assertThat(rate.at(0, losses(1.0, 2.0, 2.0, 2.0, 2.0))).isEqualTo(0.000001);
  }

  @Test
  void oneCycleStartsAtA25thPeaksAfterTheWarmupAndEndsLow() {
    LearningRate rate = rate(ScheduleType.ONE_CYCLE, 0.5, 2, 0);

    assertThat(rate.at(0, List.of())).isEqualTo(0.001 / 25);
    assertThat(rate.at(300, List.of())).isCloseTo(0.001, within(1e-12));
    assertThat(rate.at(1000, List.of())).isCloseTo(0.000001, within(1e-12));
  }

  @Property
  void oneCycleRisesThenFalls(@ForAll @IntRange(min = 0, max = 998) int step) {
    LearningRate rate = rate(ScheduleType.ONE_CYCLE, 0.5, 2, 0);
    double change = rate.at(step + 1, List.of()) - rate.at(step, List.of());

    if (step < 300) {
      assertThat(change).isPositive();
    } else {
      assertThat(change).isNegative();
    }
  }

  @Test
  void cosineFallsFromTheHighestAndConstantStays() {
    assertThat(rate(ScheduleType.COSINE, 0.5, 2, 0).at(0, List.of())).isEqualTo(0.001);
    assertThat(rate(ScheduleType.COSINE, 0.5, 2, 0).at(500, List.of()))
        .isCloseTo((0.001 + 0.000001) / 2, within(1e-12));
    assertThat(rate(ScheduleType.CONSTANT, 0.5, 2, 0).at(999, losses(1, 2, 3, 4))).isEqualTo(0.001);
  }

  private static LearningRate rate(
      ScheduleType type, double factor, int patience, double minDelta) {
    return new LearningRate(
        new ScheduleConfig(type, factor, patience, minDelta, 0.000001, 0.3), 0.001, 1000);
  }

  static List<EpochMetrics> losses(double... validationLosses) {
    List<EpochMetrics> history = new ArrayList<>();
    for (double loss : validationLosses) {
      history.add(new EpochMetrics(history.size() + 1, 1.0, 0.5, loss, 0.5, 0.001, 1000.0, 10.0));
    }
    return history;
  }
}
