package io.fashionmnist.training.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fashionmnist.training.trainer.data.ImageSet;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluatorTest {

  @ParameterizedTest(name = "images of {0} x {0}: {1} at once")
  @CsvSource({"16, 250", "28, 250", "56, 62", "256, 2", "500, 1"})
  void theLargerTheImagesTheFewerAreClassifiedAtOnce(int side, int atOnce) throws Exception {
    int images = Math.max(3, 2 * atOnce + 1);
    ImageSet set =
        new ImageSet(
            MemorySegment.ofArray(new byte[images * side * side]), new short[images], side, side);
    Collection<Integer> counts = new ConcurrentLinkedQueue<>();

    Evaluation evaluation =
        new Evaluator(2, () -> false)
            .evaluate(new Counting(counts), set, IntStream.range(0, images).toArray())
            .orElseThrow();

    assertThat(counts.stream().mapToInt(Integer::intValue).max()).hasValue(atOnce);
    assertThat(counts.stream().mapToInt(Integer::intValue)).hasSize(3);
    assertThat(evaluation.confusion().count(0, 0)).isEqualTo(images);
  }

  /** Remembers how many images it was asked for at once. */
  private record Counting(Collection<Integer> counts) implements Classifier {
    @Override
    public float[] logits(byte[] pixels, int count) {
      counts.add(count);
      float[] logits = new float[count * classes()];
      for (int i = 0; i < count; i++) {
        logits[i * classes()] = 1;
      }
      return logits;
    }

    @Override
    public int classes() {
      return 2;
    }
  }
}
