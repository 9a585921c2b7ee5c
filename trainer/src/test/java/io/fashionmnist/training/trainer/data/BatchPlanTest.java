package io.fashionmnist.training.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fashionmnist.training.trainer.BadInputException;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BatchPlanTest {

  @Property
  void batchesCoverTheImagesWithoutGapOrOverlap(
      @ForAll @IntRange(min = 1, max = 5000) int images,
      @ForAll @IntRange(min = 1, max = 300) int batchSize,
      @ForAll @IntRange(min = 1, max = 16) int towers) {
    Assume.that(towers <= batchSize && batchSize <= images);
    BatchPlan plan = new BatchPlan(images, batchSize, towers);

    int next = 0;
    for (int step = 0; step < plan.stepsPerEpoch(); step++) {
      assertThat(plan.offset(step)).isEqualTo(next);
      next += plan.size(step);
    }
    assertThat(next).isEqualTo(images);
  }

  @Property
  void noBatchIsTooSmallForItsTowersOrLargerThanItsBuffer(
      @ForAll @IntRange(min = 1, max = 5000) int images,
      @ForAll @IntRange(min = 1, max = 300) int batchSize,
      @ForAll @IntRange(min = 1, max = 16) int towers) {
    Assume.that(towers <= batchSize && batchSize <= images);
    BatchPlan plan = new BatchPlan(images, batchSize, towers);

    int last = plan.stepsPerEpoch() - 1;
    for (int step = 0; step < last; step++) {
      assertThat(plan.size(step)).isEqualTo(batchSize);
    }
    assertThat(plan.size(last))
        .isGreaterThanOrEqualTo(Math.min(batchSize, 2 * towers))
        .isLessThanOrEqualTo(plan.largestSize());
    assertThat(plan.largestSize()).isLessThan(batchSize + 2 * towers);
  }

  @Example
  void restIsABatchOfItsOwn() {
    BatchPlan plan = new BatchPlan(54_000, 64, 2);
    assertThat(plan.stepsPerEpoch()).isEqualTo(844);
    assertThat(plan.size(843)).isEqualTo(48);
    assertThat(plan.largestSize()).isEqualTo(64);
  }

  @Example
  void smallRestJoinsTheBatchBefore() {
    BatchPlan joined = new BatchPlan(67, 64, 2);
    assertThat(joined.stepsPerEpoch()).isEqualTo(1);
    assertThat(joined.size(0)).isEqualTo(67);
    assertThat(new BatchPlan(68, 64, 2).stepsPerEpoch()).isEqualTo(2);
  }

  @Example
  void refusesABatchLargerThanTheData() {
    assertThatThrownBy(() -> new BatchPlan(100, 128, 2))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("batchSize is 128")
        .hasMessageContaining("at most 100");
  }

  @Example
  void refusesFewerImagesThanTowers() {
    assertThatThrownBy(() -> new BatchPlan(100, 3, 4)).isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void hasNoStepBeyondTheEpoch() {
    BatchPlan plan = new BatchPlan(100, 50, 1);
    assertThatThrownBy(() -> plan.size(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
