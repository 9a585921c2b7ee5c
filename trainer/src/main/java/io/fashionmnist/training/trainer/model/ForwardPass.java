package io.fashionmnist.training.trainer.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * From pixels to logits, with activations of one number format.
 *
 * <p>Weights stay 32-bit floats and are cast once, however many towers use them; batch
 * normalisation keeps its parameters and statistics in 32 bits, and so does the last layer.
 *
 * @param <T> format of the activations
 */
final class ForwardPass<T extends TFloating> {
  private static final float EPSILON = 1e-3f;
  private static final List<Long> NO_STRIDE = List.of(1L, 1L, 1L, 1L);

  private final Ops tf;
  private final NetworkSpec spec;
  private final Variables variables;
  private final Class<T> type;
  private final Map<String, Operand<T>> cast;

  ForwardPass(Ops tf, NetworkSpec spec, Variables variables, Class<T> type) {
    this.tf = tf;
    this.spec = spec;
    this.variables = variables;
    this.type = type;
    this.cast =
        spec.weights().stream()
            .map(NetworkSpec.Weight::name)
            .filter(name -> name.endsWith(".kernel") || name.endsWith(".bias"))
            .filter(name -> !name.startsWith(NetworkSpec.LOGITS))
            .collect(Collectors.toMap(name -> name, name -> as(type, variables.get(name))));
  }

  /**
   * Statistics of one batch in one normalised layer.
   *
   * @param layer the layer's name
   * @param mean per channel
   * @param variance per channel, biased, as the normalisation itself uses it
   */
  record BatchStatistics(String layer, Operand<TFloat32> mean, Operand<TFloat32> variance) {}

  /** Logits [N, classes], and the statistics that the batch brought. */
  record Training(Operand<TFloat32> logits, List<BatchStatistics> statistics) {}

  /** With dropout, and normalised by the batch's own statistics. */
  Training training(Operand<TFloat32> images, Dropout dropout) {
    List<BatchStatistics> statistics = new ArrayList<>();
    Operand<TFloat32> logits =
        logits(images, (layer, x) -> normaliseByBatch(layer, x, statistics), Optional.of(dropout));
    return new Training(logits, List.copyOf(statistics));
  }

  /** Logits [N, classes], without dropout, normalised by the moving statistics. */
  Operand<TFloat32> inference(Operand<TFloat32> images) {
    return logits(images, this::normaliseByMovingStatistics, Optional.empty());
  }

  private Operand<TFloat32> logits(
      Operand<TFloat32> images,
      BiFunction<String, Operand<T>, Operand<T>> normalise,
      Optional<Dropout> dropout) {
    Operand<T> x = as(type, images);
    for (int block = 0; block < spec.model().filters().size(); block++) {
      String layer = NetworkSpec.convolution(block);
      x = tf.nn.conv2d(x, cast.get(layer + ".kernel"), NO_STRIDE, "SAME");
      x = tf.nn.relu(tf.nn.biasAdd(x, cast.get(layer + ".bias")));
      x = halve(normalise.apply(layer, x));
      x = drop(x, dropout, spec.model().convDropout());
    }
    x = tf.reshape(x, tf.constant(new int[] {-1, spec.flatFeatures()}));
    String layer = NetworkSpec.DENSE;
    x = tf.linalg.matMul(x, cast.get(layer + ".kernel"));
    x = tf.nn.relu(tf.nn.biasAdd(x, cast.get(layer + ".bias")));
    x = normaliseVectors(x, spec.model().denseUnits(), normalise);
    x = drop(x, dropout, spec.model().denseDropout());
    return tf.nn.biasAdd(
        tf.linalg.matMul(as(TFloat32.class, x), variables.get(NetworkSpec.LOGITS + ".kernel")),
        variables.get(NetworkSpec.LOGITS + ".bias"));
  }

  private Operand<T> drop(Operand<T> x, Optional<Dropout> dropout, double rate) {
    return dropout.map(masks -> masks.apply(x, rate, type)).orElse(x);
  }

  /** 2x2 max-pooling by the first version of the operation: oneDNN takes over no other. */
  private Operand<T> halve(Operand<T> x) {
    long[] window = {1, 2, 2, 1};
    return tf.scope()
        .opBuilder("MaxPool", "MaxPool")
        .addInput(x.asOutput())
        .setAttr("ksize", window)
        .setAttr("strides", window)
        .setAttr("padding", "VALID")
        .build()
        .<T>output(0);
  }

  private Operand<T> normaliseVectors(
      Operand<T> x, int units, BiFunction<String, Operand<T>, Operand<T>> normalise) {
    Operand<T> images = tf.reshape(x, tf.constant(new int[] {-1, 1, 1, units}));
    return tf.reshape(
        normalise.apply(NetworkSpec.DENSE, images), tf.constant(new int[] {-1, units}));
  }

  private Operand<T> normaliseByBatch(
      String layer, Operand<T> x, List<BatchStatistics> statistics) {
    Operand<TFloat32> none = tf.constant(new float[0]);
    FusedBatchNorm<T, TFloat32> normalised =
        tf.nn.fusedBatchNorm(
            x,
            variables.get(layer + ".gamma"),
            variables.get(layer + ".beta"),
            none,
            none,
            FusedBatchNorm.isTraining(true).epsilon(EPSILON));
    statistics.add(
        new BatchStatistics(layer, normalised.batchMean(), biased(normalised.batchVariance(), x)));
    return normalised.y();
  }

  /** The operation reports the variance with n - 1 below the line; Keras averages over n. */
  private Operand<TFloat32> biased(Operand<TFloat32> variance, Operand<T> x) {
    Operand<TInt64> shape = tf.shape(x, TInt64.class);
    Operand<TFloat32> n =
        as(
            TFloat32.class,
            tf.prod(
                tf.slice(shape, tf.constant(new int[] {0}), tf.constant(new int[] {3})),
                tf.constant(0)));
    return tf.math.mul(variance, tf.math.div(tf.math.sub(n, tf.constant(1f)), n));
  }

  private Operand<T> normaliseByMovingStatistics(String layer, Operand<T> x) {
    Variable<TFloat32> gamma = variables.get(layer + ".gamma");
    return tf.nn
        .fusedBatchNorm(
            x,
            gamma,
            variables.get(layer + ".beta"),
            variables.get(layer + ".movingMean"),
            variables.get(layer + ".movingVariance"),
            FusedBatchNorm.isTraining(false).epsilon(EPSILON))
        .y();
  }

  private <U extends TFloating> Operand<U> as(
      Class<U> target, Operand<? extends org.tensorflow.types.family.TNumber> x) {
    return tf.dtypes.cast(x, target);
  }
}
