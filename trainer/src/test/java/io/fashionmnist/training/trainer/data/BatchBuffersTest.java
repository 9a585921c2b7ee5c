package io.fashionmnist.training.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fashionmnist.training.trainer.BadInputException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BatchBuffersTest {
  private static final long HEAP = 192L << 20;

  @Test
  void theUsualBatchesHaveTwoForEveryProducerAndTwoMore() {
    assertThat(buffers(60_000, 64, 28, 2, HEAP)).isEqualTo(6);
    assertThat(buffers(60_000, 64, 28, 16, HEAP)).isEqualTo(34);
    assertThat(buffers(60_000, 64, 256, 2, HEAP)).isEqualTo(6);
  }

  @Test
  void whereTheHeapIsSmallThereAreFewer() {
    assertThat(buffers(60_000, 64, 256, 16, HEAP)).isBetween(2, 24);
    assertThat(buffers(600_000, 32_768, 28, 2, HEAP)).isBetween(2, 3);
  }

  @Test
  void aBatchThatDoesNotFitIsRefusedWithTheLargestThatWould() {
    assertThatThrownBy(() -> buffers(600_000, 65_536, 28, 2, HEAP))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            "batchSize 65,536 is too much for images of 28 x 28 in a Java heap of 192 MiB: choose at most ")
        .hasMessageContaining("FASHION_TRAINER_JAVA_OPTS=-Xmx");
    // Its bytes are more than an array has.
    assertThatThrownBy(() -> buffers(600_000, 65_536, 256, 2, 1L << 40))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("batchSize 65,536");
  }

  @Test
  void imagesThatDoNotEvenFitAloneAreRefused() {
    assertThatThrownBy(() -> buffers(100, 2, 8_192, 2, HEAP))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            "images of 8,192 x 8,192 are too large for a Java heap of 192 MiB, whatever the batchSize")
        .hasMessageContaining("FASHION_TRAINER_JAVA_OPTS=-Xmx");
  }

  @Property
  void whatTheRefusalAdvisesWorks(
      @ForAll @IntRange(min = 1, max = 4_096) int side,
      @ForAll @IntRange(min = 1, max = 65_536) int batchSize,
      @ForAll @IntRange(min = 1, max = 64) int producers,
      @ForAll @LongRange(min = 64, max = 8_192) long heapMib) {
    long heap = heapMib << 20;
    try {
      long taken =
          buffers(70_000, batchSize, side, producers, heap) * (long) batchSize * side * side;
      assertThat(taken).isLessThanOrEqualTo(heap / 2);
    } catch (BadInputException e) {
      if (!e.getMessage().startsWith("images")) {
        int most =
            Integer.parseInt(
                e.getMessage().replaceAll(".*choose at most ([0-9,]+).*", "$1").replace(",", ""));
        assertThat(most).isPositive().isLessThan(batchSize);
        assertThat(buffers(70_000, most, side, producers, heap)).isGreaterThanOrEqualTo(2);
      }
    }
  }

  private static int buffers(int images, int batchSize, int side, int producers, long heap) {
    BatchPlan plan = new BatchPlan(images, batchSize, Math.max(1, batchSize / 16));
    return BatchBuffers.of(plan, side, side, producers, heap).count();
  }
}
