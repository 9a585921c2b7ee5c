package io.fashionmnist.training.trainer.train;

import static io.fashionmnist.training.trainer.train.LearningRateTest.losses;
import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.api.training.EarlyStoppingConfig;
import io.fashionmnist.training.api.training.EpochMetrics;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
  private final EarlyStopping afterTwo = new EarlyStopping(new EarlyStoppingConfig(2, 0.01));

  @Test
  void theBestEpochIsTheLastThatImproved() {
    assertThat(afterTwo.best(losses())).isEmpty();
    assertThat(afterTwo.best(losses(1.0, 0.5, 0.7))).map(EpochMetrics::epoch).contains(2);
  }

  @Test
  void aFallSmallerThanMinDeltaIsNotBetter() {
    assertThat(afterTwo.best(losses(1.0, 0.995))).map(EpochMetrics::epoch).contains(1);
  }

  @Test
  void stopsWhenTheBestLiesPatienceEpochsBack() {
    assertThat(afterTwo.reached(losses())).isFalse();
    assertThat(afterTwo.reached(losses(1.0, 0.5, 0.7))).isFalse();
    assertThat(afterTwo.reached(losses(1.0, 0.5, 0.7, 0.6))).isTrue();
  }

  @Test
  void patienceZeroNeverStops() {
    EarlyStopping never = new EarlyStopping(new EarlyStoppingConfig(0, 0.0));

    assertThat(never.reached(losses(1, 2, 3, 4, 5, 6, 7, 8, 9))).isFalse();
  }
}
