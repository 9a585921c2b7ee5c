package io.fashionmnist.training.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fashionmnist.training.trainer.BadInputException;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class StratifiedSplitTest {
  private static final double TINY = 1e-9;

  /** Images per class: none, or at least two. */
  @Provide
  Arbitrary<List<Integer>> classCounts() {
    return Arbitraries.integers()
        .between(1, 60)
        .map(count -> count == 1 ? 0 : count)
        .list()
        .ofMinSize(1)
        .ofMaxSize(30)
        .filter(counts -> counts.stream().anyMatch(count -> count > 0));
  }

  private static short[] labels(List<Integer> counts) {
    int total = counts.stream().mapToInt(Integer::intValue).sum();
    int[] left = counts.stream().mapToInt(Integer::intValue).toArray();
    short[] labels = new short[total];
    for (int i = 0, c = 0; i < total; c = (c + 1) % left.length) {
      if (left[c] > 0) {
        left[c]--;
        labels[i++] = (short) c;
      }
    }
    return labels;
  }

  private static int[] countByClass(int[] indices, short[] labels, int classes) {
    int[] counts = new int[classes];
    for (int i : indices) {
      counts[labels[i]]++;
    }
    return counts;
  }

  @Property
  void everyImageIsOnExactlyOneSide(
      @ForAll("classCounts") List<Integer> counts,
      @ForAll @DoubleRange(min = 0.01, max = 0.9) double fraction,
      @ForAll long seed) {
    short[] labels = labels(counts);

    StratifiedSplit split = StratifiedSplit.of(labels, counts.size(), fraction, seed);

    assertThat(IntStream.concat(IntStream.of(split.training()), IntStream.of(split.validation())))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, labels.length).boxed().toList());
    assertThat(split.training()).isSorted();
    assertThat(split.validation()).isSorted();
  }

  @Property
  void everyClassHasItsShareWithinOneImageAndIsOnBothSides(
      @ForAll("classCounts") List<Integer> counts,
      @ForAll @DoubleRange(min = 0.01, max = 0.9) double fraction,
      @ForAll long seed) {
    short[] labels = labels(counts);

    StratifiedSplit split = StratifiedSplit.of(labels, counts.size(), fraction, seed);

    int[] heldOut = countByClass(split.validation(), labels, counts.size());
    for (int c = 0; c < heldOut.length; c++) {
      if (counts.get(c) > 0) {
        assertThat(Math.abs(heldOut[c] - fraction * counts.get(c))).isLessThanOrEqualTo(1 + TINY);
        assertThat(heldOut[c]).isBetween(1, counts.get(c) - 1);
      }
    }
  }

  /** Where no class is so small that its share must be rounded one way, the total is exact. */
  @Property
  void totalIsTheRoundedShareWhereClassesAreLargeEnough(
      @ForAll("classCounts") List<Integer> counts,
      @ForAll @DoubleRange(min = 0.1, max = 0.9) double fraction,
      @ForAll long seed) {
    List<Integer> large = counts.stream().map(count -> count == 0 ? 0 : count + 20).toList();
    short[] labels = labels(large);

    StratifiedSplit split = StratifiedSplit.of(labels, large.size(), fraction, seed);

    assertThat(split.validation().length).isEqualTo((int) Math.round(fraction * labels.length));
  }

  @Property
  void sameSeedSameSplit(
      @ForAll("classCounts") List<Integer> counts, @ForAll @IntRange(max = 1000) int seed) {
    short[] labels = labels(counts);
    StratifiedSplit split = StratifiedSplit.of(labels, counts.size(), 0.3, seed);
    StratifiedSplit again = StratifiedSplit.of(labels, counts.size(), 0.3, seed);
    assertThat(again.validation()).isEqualTo(split.validation());
    assertThat(again.training()).isEqualTo(split.training());
  }

  @Example
  void anotherSeedHoldsOutOtherImages() {
    short[] labels = labels(List.of(100, 100));
    assertThat(StratifiedSplit.of(labels, 2, 0.2, 1).validation())
        .isNotEqualTo(StratifiedSplit.of(labels, 2, 0.2, 2).validation());
  }

  /** A class that is held out by position would be all of one photographer. */
  @Example
  void heldOutImagesAreSpreadOverTheWholeClass() {
    int[] validation = StratifiedSplit.of(labels(List.of(1000)), 1, 0.5, 42).validation();
    long early = IntStream.of(validation).filter(i -> i < 500).count();
    assertThat(early).isBetween(200L, 300L);
  }

  /** Integer shares can still move by one when small classes take more than theirs. */
  @Example
  void largeClassesGiveWaySoThatTheTotalHolds() {
    // Exact shares 0.2, 0.2 (each forced up to 1) and 4: the total wanted is 4.
    short[] labels = labels(List.of(2, 2, 40));
    int[] heldOut = countByClass(StratifiedSplit.of(labels, 3, 0.1, 7).validation(), labels, 3);
    assertThat(heldOut).containsExactly(1, 1, 3);
  }

  @Example
  void fashionMnistSharesAreExact() {
    short[] labels = labels(IntStream.range(0, 10).mapToObj(c -> 6000).toList());
    int[] heldOut = countByClass(StratifiedSplit.of(labels, 10, 0.1, 42).validation(), labels, 10);
    assertThat(heldOut).containsOnly(600);
  }

  @Example
  void refusesAClassOfOneImage() {
    assertThatThrownBy(() -> StratifiedSplit.of(new short[] {0, 0, 3}, 4, 0.1, 42))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("class 3")
        .hasMessageContaining("single training image");
  }
}
