package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.trainer.model.Backpropagation.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
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

  /**
   * What a pass leaves in the graph.
   *
   * @param logits [N, classes]
   * @param statistics that the batch brought, by layer; none where it was not normalised by them
   * @param stages parts between the ReLUs, for the gradients; all trained weights but the dense
   *     layer's kernel
   * @param flat what the dense layer's kernel multiplies, [N, features]
   * @param <T> format of the activations
   */
  record Result<T extends TFloating>(
      Operand<TFloat32> logits,
      List<BatchStatistics> statistics,
      List<Stage<T>> stages,
      Operand<T> flat) {}

  /** With dropout, and normalised by the batch's own statistics. */
  Result<T> training(Operand<TFloat32> images, Dropout dropout) {
    List<BatchStatistics> statistics = new ArrayList<>();
    return pass(
        images,
        (layer, x) -> normaliseByBatch(layer, x, statistics),
        statistics,
        Optional.of(dropout));
  }

  /** Logits [N, classes], without dropout, normalised by the moving statistics. */
  Operand<TFloat32> inference(Operand<TFloat32> images) {
    return pass(images, this::normaliseByMovingStatistics, List.of(), Optional.empty()).logits();
  }

  /** Pixels from 0 to 255 as numbers from 0 to 1. */
  Operand<TFloat32> scaled(Operand<TUint8> pixels) {
    return tf.math.mul(tf.dtypes.cast(pixels, TFloat32.class), tf.constant(1 / 255f));
  }

  /** Whether a weight is read once only, to be converted to the activations' format. */
  boolean converts(String weight) {
    return type != TFloat32.class && cast.containsKey(weight);
  }

  private Result<T> pass(
      Operand<TFloat32> images,
      BiFunction<String, Operand<T>, Operand<T>> normalise,
      List<BatchStatistics> statistics,
      Optional<Dropout> dropout) {
    List<Stage<T>> stages = new ArrayList<>();
    List<String> normalisation = List.of();
    Operand<T> x = as(type, images);
    Operand<T> input = x;
    for (int block = 0; block < spec.model().filters().size(); block++) {
      String layer = NetworkSpec.convolution(block);
      x = tf.nn.conv2d(x, cast.get(layer + ".kernel"), NO_STRIDE, "SAME");
      x = tf.nn.biasAdd(x, cast.get(layer + ".bias"));
      stages.add(
          new Stage<>(union(normalisation, List.of(layer + ".kernel", layer + ".bias")), input, x));
      input = tf.nn.relu(x);
      x = halve(normalise.apply(layer, input));
      x = drop(x, dropout, spec.model().convDropout());
      normalisation = List.of(layer + ".gamma", layer + ".beta");
    }
    Operand<T> flat = tf.reshape(x, tf.constant(new int[] {-1, spec.flatFeatures()}));
    String layer = NetworkSpec.DENSE;
    // As images of one pixel, as the normalisation wants them; and oneDNN's multiplication without
    // a bias takes half the time of the one with.
    int units = spec.model().denseUnits();
    x =
        tf.reshape(
            tf.linalg.matMul(flat, cast.get(layer + ".kernel")),
            tf.constant(new int[] {-1, 1, 1, units}));
    x = tf.nn.biasAdd(x, cast.get(layer + ".bias"));
    stages.add(new Stage<>(union(normalisation, List.of(layer + ".bias")), input, x));
    input = tf.nn.relu(x);
    x = tf.reshape(normalise.apply(layer, input), tf.constant(new int[] {-1, units}));
    x = drop(x, dropout, spec.model().denseDropout());
    Operand<TFloat32> logits =
        tf.nn.biasAdd(
            tf.linalg.matMul(as(TFloat32.class, x), variables.get(NetworkSpec.LOGITS + ".kernel")),
            variables.get(NetworkSpec.LOGITS + ".bias"));
    stages.add(
        new Stage<>(
            List.of(
                layer + ".gamma",
                layer + ".beta",
                NetworkSpec.LOGITS + ".kernel",
                NetworkSpec.LOGITS + ".bias"),
            input,
            logits));
    return new Result<>(logits, List.copyOf(statistics), List.copyOf(stages), flat);
  }

  private static List<String> union(List<String> some, List<String> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
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

  private Operand<T> normaliseByBatch(
      String layer, Operand<T> x, List<BatchStatistics> statistics) {
    Operand<TFloat32> none = tf.constant(new float[0]);
    FusedBatchNorm<T, TFloat32> normalised =
        tf.nn.fusedBatchNorm(
            x,
            scaledForDropout(layer, ".gamma"),
            scaledForDropout(layer, ".beta"),
            none,
            none,
            FusedBatchNorm.isTraining(true).epsilon(EPSILON));
    statistics.add(
        new BatchStatistics(layer, normalised.batchMean(), biased(normalised.batchVariance(), x)));
    return normalised.y();
  }

  /**
   * A layer's gamma or beta, scaled up as dropout wants what it leaves. To scale what the
   * normalisation gives is the same as to scale these, also across a max-pooling, and these are
   * few.
   */
  private Operand<TFloat32> scaledForDropout(String layer, String parameter) {
    double rate =
        layer.equals(NetworkSpec.DENSE) ? spec.model().denseDropout() : spec.model().convDropout();
    Variable<TFloat32> variable = variables.get(layer + parameter);
    float scale = Dropout.scale(rate);
    return scale == 1 ? variable : tf.math.mul(variable, tf.constant(scale));
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
