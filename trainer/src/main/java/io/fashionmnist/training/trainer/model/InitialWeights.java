package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.trainer.model.NetworkSpec.Initial;
import io.fashionmnist.training.trainer.model.NetworkSpec.Weight;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;

/**
 * The weights before the first step, the same for the same seed on every machine.
 *
 * <p>They are made outside the Java heap: the dense layer behind large images has hundreds of
 * megabytes of them.
 */
final class InitialWeights {
  private static final int CHUNK = 1 << 12;

  private InitialWeights() {}

  /** Draws every weight, by its name; the tensors are the caller's to close. */
  static Map<String, TFloat32> draw(List<Weight> weights, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Map<String, TFloat32> values = new LinkedHashMap<>();
    weights.forEach(weight -> values.put(weight.name(), draw(weight, random)));
    return values;
  }

  /** As many zeros as a weight has values; the caller's to close. */
  static TFloat32 zeros(Weight weight) {
    return tensor(weight.shape(), (values, count) -> Arrays.fill(values, 0, count, 0));
  }

  private static TFloat32 draw(Weight weight, RandomGenerator random) {
    return tensor(weight.shape(), (values, count) -> draw(weight.initial(), random, values, count));
  }

  /** Sets so many values, from an array's start. */
  @FunctionalInterface
  private interface Source {
    void fill(float[] values, int count);
  }

  private static TFloat32 tensor(Shape shape, Source source) {
    return TFloat32.tensorOf(
        shape,
        tensor -> {
          FloatDataBuffer values = tensor.asRawTensor().data().asFloats();
          float[] chunk = new float[CHUNK];
          for (long done = 0; done < values.size(); done += CHUNK) {
            int count = (int) Math.min(CHUNK, values.size() - done);
            source.fill(chunk, count);
            values.offset(done).write(chunk, 0, count);
          }
        });
  }

  private static void draw(Initial initial, RandomGenerator random, float[] values, int count) {
    switch (initial) {
      case Initial.Constant(float value) -> Arrays.fill(values, value);
      case Initial.GlorotUniform(long fanIn, long fanOut) -> {
        float limit = (float) Math.sqrt(6.0 / (fanIn + fanOut));
        for (int i = 0; i < count; i++) {
          values[i] = random.nextFloat(-limit, limit);
        }
      }
    }
  }
}
