package io.fashionmnist.training.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class EpochOrderTest {

  @Property
  void holdsEveryImageOnceAndLeavesTheIndicesAlone(
      @ForAll @IntRange(min = 1, max = 500) int count,
      @ForAll long seed,
      @ForAll @IntRange(max = 100) int epoch) {
    int[] indices = IntStream.range(0, count).map(i -> 3 * i + 1).toArray();
    int[] before = indices.clone();

    assertThat(EpochOrder.of(indices, seed, epoch)).containsExactlyInAnyOrder(before);
    assertThat(indices).isEqualTo(before);
  }

  @Example
  void dependsOnSeedAndEpochAlone() {
    int[] indices = IntStream.range(0, 100).toArray();
    int[] order = EpochOrder.of(indices, 42, 3);
    assertThat(EpochOrder.of(indices, 42, 3)).isEqualTo(order);
    assertThat(EpochOrder.of(indices, 42, 4)).isNotEqualTo(order);
    assertThat(EpochOrder.of(indices, 43, 3)).isNotEqualTo(order);
  }

  /** Another machine, or another Java, must go the same way when it takes up a run. */
  @Example
  void isTheSameOnEveryMachine() {
    assertThat(EpochOrder.of(IntStream.range(0, 8).toArray(), 42, 0))
        .containsExactly(7, 3, 6, 5, 4, 0, 2, 1);
  }

  /** Each image comes first about as often as any other. */
  @Example
  void isUnbiased() {
    int[] first = new int[4];
    for (int epoch = 0; epoch < 4000; epoch++) {
      first[EpochOrder.of(new int[] {0, 1, 2, 3}, 42, epoch)[0]]++;
    }
    for (int count : first) {
      assertThat(count).isBetween(850, 1150);
    }
  }
}
