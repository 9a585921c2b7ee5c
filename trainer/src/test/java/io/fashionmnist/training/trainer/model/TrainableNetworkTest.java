package io.fashionmnist.training.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fashionmnist.training.api.training.ModelConfig;
import io.fashionmnist.training.api.training.OptimizerConfig;
import io.fashionmnist.training.trainer.BadInputException;
import io.fashionmnist.training.trainer.data.Batch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainableNetworkTest {
  private static final int SIDE = 16;
  private static final int CLASSES = 4;
  private static final double RATE = 0.01;
  private static final NetworkSpec SPEC =
      new NetworkSpec(new ModelConfig(List.of(4, 6), 8, 0.25, 0.5), SIDE, SIDE, CLASSES);

  @TempDir Path directory;

  @Test
  void learnsWhatItSees() {
    try (TrainableNetwork network = network(2, 1)) {
      Batch batch = batch(64, 1);
      double before = network.tryOut(batch, 0).lossSum();
      for (int step = 0; step < 60; step++) {
        network.step(batch, step, RATE);
      }

      assertThat(network.tryOut(batch, 60).lossSum()).isLessThan(before / 2);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "3, false", "1, true", "2, true"})
  void continuesFromASavedStateToTheSameWeightsBitForBit(int towers, boolean bfloat16) {
    assumeTrue(!bfloat16 || CpuFeatures.ofThisMachine().computesInBfloat16());
    Map<String, float[]> uninterrupted;
    try (TrainableNetwork network = network(towers, 7, bfloat16, null)) {
      train(network, 0, 6);
      network.keepBest();
      network.save(directory.resolve("state"));
      train(network, 6, 12);
      uninterrupted = weights(network);
    }

    try (TrainableNetwork network = network(towers, 7, bfloat16, null)) {
      network.restore(directory.resolve("state"));
      train(network, 6, 12);

      weights(network)
          .forEach(
              (name, values) -> assertThat(values).as(name).isEqualTo(uninterrupted.get(name)));
    }
  }

  @Test
  void decayTakesItsShareOffEveryWeight() {
    double decay = 0.5;
    try (TrainableNetwork without = network(2, 7, false, 0.0);
        TrainableNetwork with = network(2, 7, false, decay)) {
      float[] before = with.read("dense.kernel");
      train(without, 0, 1);
      train(with, 0, 1);

      float[] expected = without.read("dense.kernel");
      for (int i = 0; i < expected.length; i++) {
        expected[i] -= (float) (RATE * decay * before[i]);
      }
      assertThat(with.read("dense.kernel")).containsExactly(expected, within(1e-6f));
    }
  }

  @Test
  void aDecayTooSmallToChangeAWeightIsLeftOutAndAHigherRateThenRefused() {
    double unnoticeable = Math.nextDown(Adam.LEAST_SHARE) / RATE;
    Batch batch = batch(13, 1);
    try (TrainableNetwork network = network(1, 7, false, unnoticeable)) {
      network.step(batch, 0, RATE);

      assertThatThrownBy(() -> network.step(batch, 1, 2 * RATE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("0.02");
    }
  }

  @Test
  void aShareBelowTheLeastLeavesAFloatAsItWas() {
    float share = (float) Math.nextDown(Adam.LEAST_SHARE);
    Random random = new Random(1);
    long changed =
        IntStream.generate(random::nextInt)
            .limit(10_000_000)
            .mapToDouble(Float::intBitsToFloat)
            .filter(Double::isFinite)
            .filter(value -> (float) value - (float) value * share != (float) value)
            .count();

    assertThat(changed).isZero();
  }

  @Test
  void theBestWeightsComeBackAlsoAfterARestart() {
    Map<String, float[]> best;
    try (TrainableNetwork network = network(2, 7)) {
      train(network, 0, 3);
      network.keepBest();
      best = weights(network);
      train(network, 3, 6);
      network.save(directory.resolve("state"));
    }

    try (TrainableNetwork network = network(2, 1)) {
      network.restore(directory.resolve("state"));
      assertThat(network.read("conv1.kernel")).isNotEqualTo(best.get("conv1.kernel"));
      network.recallBest();

      weights(network)
          .forEach((name, values) -> assertThat(values).as(name).isEqualTo(best.get(name)));
    }
  }

  @Test
  void whatIsExportedGivesTheLogitsThatTrainingGave() throws Exception {
    Batch batch = batch(10, 3);
    try (TrainableNetwork network = network(2, 7)) {
      train(network, 0, 5);
      network.save(directory.resolve("state"));
      float[] expected = network.logits(batch.pixels(), batch.size());

      try (InferenceModel model = new InferenceModel(SPEC, directory.resolve("state"), 1)) {
        assertThat(model.logits(batch.pixels(), batch.size()))
            .containsExactly(expected, within(1e-5f));
      }
    }
  }

  @Test
  void knowsWhenAWeightIsNoNumber() {
    try (TrainableNetwork network = network(1, 7)) {
      assertThat(network.isFinite()).isTrue();
      network.load(Map.of("logits.bias", new float[] {0, Float.NaN, 0, 0}));

      assertThat(network.isFinite()).isFalse();
    }
  }

  @Test
  void anImageTooSmallForThePoolsIsRefused() {
    ModelConfig threeBlocks = ModelConfig.defaults();

    assertThatThrownBy(() -> new NetworkSpec(threeBlocks, 7, 28, 10))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("7 x 28")
        .hasMessageContaining("8 x 8 or more");
  }

  @Test
  void theSeedDecidesTheWeights() {
    try (TrainableNetwork one = network(1, 7);
        TrainableNetwork same = network(1, 7);
        TrainableNetwork other = network(1, 8)) {
      assertThat(same.read("dense.kernel")).isEqualTo(one.read("dense.kernel"));
      assertThat(other.read("dense.kernel")).isNotEqualTo(one.read("dense.kernel"));
    }
  }

  private static TrainableNetwork network(int towers, long seed) {
    return network(towers, seed, false, null);
  }

  private static TrainableNetwork network(
      int towers, long seed, boolean bfloat16, Double weightDecay) {
    return new TrainableNetwork(
        SPEC, new OptimizerConfig(RATE, null, weightDecay), towers, bfloat16, seed);
  }

  private static void train(TrainableNetwork network, int from, int to) {
    for (int step = from; step < to; step++) {
      network.step(batch(13, step), step, RATE);
    }
  }

  private static Map<String, float[]> weights(TrainableNetwork network) {
    Map<String, float[]> values = new LinkedHashMap<>();
    SPEC.weights().forEach(weight -> values.put(weight.name(), network.read(weight.name())));
    return values;
  }

  /** Noise with a bright row that tells the class. */
  private static Batch batch(int size, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[size * SIDE * SIDE];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = random.nextInt(CLASSES);
      for (int p = 0; p < SIDE * SIDE; p++) {
        boolean bright = p / SIDE / 4 == labels[i];
        pixels[i * SIDE * SIDE + p] = (byte) (random.nextInt(60) + (bright ? 150 : 0));
      }
    }
    return new Batch(size, pixels, labels);
  }
}
