package io.fashionmnist.training.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fashionmnist.training.trainer.data.ImageSet;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calibration and worst mistakes, by hand and as an evaluation collects them. */
class CalibrationTest {

  @Test
  void aBinHasItsUpperEndAndNotItsLower() {
    double third = 5.0 / 15;
    Calibration calibration =
        Calibration.of(
            new double[] {third, Math.nextUp(third), 1, 1.0 / 15, 1e-9},
            new boolean[] {true, true, true, false, false});

    assertThat(calibration.bins()).hasSize(15);
    assertThat(calibration.bins().get(4).images()).isEqualTo(1);
    assertThat(calibration.bins().get(5).images()).isEqualTo(1);
    assertThat(calibration.bins().get(14).images()).isEqualTo(1);
    assertThat(calibration.bins().get(0).images()).isEqualTo(2);
  }

  @Test
  void theExpectedErrorWeighsTheBinsByTheirImages() {
    // Two sure of 0.9 and half right, one sure of 0.5 and right: (2 * 0.4 + 1 * 0.5) / 3.
    Calibration calibration =
        Calibration.of(new double[] {0.9, 0.9, 0.5}, new boolean[] {true, false, true});

    assertThat(calibration.expectedError()).isEqualTo(1.3 / 3, within(1e-12));
    assertThat(calibration.confidence()).isEqualTo(2.3 / 3, within(1e-12));
  }

  @Test
  void anEvaluationKeepsAllProbabilitiesInBinsAndTheWorstMistakesOnly() throws Exception {
    int images = 1_000;
    int classes = 3;
    Random random = new Random(1);
    float[][] logits = new float[images][classes];
    short[] labels = new short[images];
    for (int i = 0; i < images; i++) {
      labels[i] = (short) random.nextInt(classes);
      for (int c = 0; c < classes; c++) {
        logits[i][c] = (float) random.nextGaussian() * 3;
      }
    }

    Evaluation evaluation =
        new Evaluator(2, () -> false)
            .evaluate(new ByNumber(logits), numbered(labels), IntStream.range(0, images).toArray())
            .orElseThrow();

    double[][] probabilities =
        Arrays.stream(logits).map(CalibrationTest::softmax).toArray(double[][]::new);
    double[] largest =
        Arrays.stream(probabilities)
            .mapToDouble(p -> Arrays.stream(p).max().orElseThrow())
            .toArray();
    assertThat(evaluation.calibration().images()).isEqualTo(images);
    assertThat(evaluation.calibration().confidence())
        .isEqualTo(Arrays.stream(largest).average().orElseThrow(), within(1e-9));
    assertThat(evaluation.calibration().bins().stream().mapToInt(Calibration.Bin::right).sum())
        .isEqualTo((int) Math.round(evaluation.accuracy() * images));
    int[] worst =
        IntStream.range(0, images)
            .filter(i -> probabilities[i][labels[i]] < largest[i])
            .boxed()
            .sorted((a, b) -> Double.compare(largest[b], largest[a]))
            .limit(24)
            .mapToInt(Integer::intValue)
            .toArray();
    assertThat(evaluation.worstMistakes().stream().mapToInt(Mistake::image))
        .containsExactly(Arrays.stream(worst).boxed().toArray(Integer[]::new));
    assertThat(evaluation.worstMistakes())
        .allSatisfy(
            mistake -> {
              assertThat(mistake.truth()).isEqualTo(labels[mistake.image()]);
              assertThat(mistake.probability()).isEqualTo(largest[mistake.image()], within(1e-6));
              assertThat(mistake.probabilityOfTruth())
                  .isEqualTo(probabilities[mistake.image()][mistake.truth()], within(1e-6));
            });
  }

  private static double[] softmax(float[] logits) {
    double[] exponentials = new double[logits.length];
    for (int c = 0; c < logits.length; c++) {
      exponentials[c] = Math.exp(logits[c]);
    }
    double sum = Arrays.stream(exponentials).sum();
    return Arrays.stream(exponentials).map(e -> e / sum).toArray();
  }

  /** Images whose two pixels are their number. */
  private static ImageSet numbered(short[] labels) {
    byte[] pixels = new byte[2 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      pixels[2 * i] = (byte) (i >> 8);
      pixels[2 * i + 1] = (byte) i;
    }
    return new ImageSet(MemorySegment.ofArray(pixels), labels, 1, 2);
  }

  /** Knows the logits of each image by the number in its pixels. */
  private record ByNumber(float[][] byNumber) implements Classifier {
    @Override
    public float[] logits(byte[] pixels, int count) {
      float[] logits = new float[count * classes()];
      for (int i = 0; i < count; i++) {
        int number = Byte.toUnsignedInt(pixels[2 * i]) << 8 | Byte.toUnsignedInt(pixels[2 * i + 1]);
        System.arraycopy(byNumber[number], 0, logits, i * classes(), classes());
      }
      return logits;
    }

    @Override
    public int classes() {
      return byNumber[0].length;
    }
  }
}
