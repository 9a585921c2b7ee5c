package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.trainer.model.NetworkSpec.Initial;
import io.fashionmnist.training.trainer.model.NetworkSpec.Weight;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The weights before the first step, the same for the same seed on every machine. */
final class InitialWeights {
  private InitialWeights() {}

  /** Draws every weight, by its name. */
  static Map<String, float[]> draw(List<Weight> weights, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Map<String, float[]> values = new LinkedHashMap<>();
    weights.forEach(weight -> values.put(weight.name(), draw(weight, random)));
    return values;
  }

  private static float[] draw(Weight weight, RandomGenerator random) {
    float[] values = new float[weight.size()];
    switch (weight.initial()) {
      case Initial.Constant(float value) -> Arrays.fill(values, value);
      case Initial.GlorotUniform(long fanIn, long fanOut) -> {
        float limit = (float) Math.sqrt(6.0 / (fanIn + fanOut));
        for (int i = 0; i < values.length; i++) {
          values[i] = random.nextFloat(-limit, limit);
        }
      }
    }
    return values;
  }
}
