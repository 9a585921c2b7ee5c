package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.api.training.OptimizerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * Adam (Kingma and Ba, 2015) with each variable's gradient clipped by its norm and decoupled weight
 * decay (Loshchilov and Hutter, 2019), in the order and with the constants of {@code
 * keras.optimizers.Adam(clipnorm, weight_decay)}.
 */
final class Adam {
  static final float BETA1 = 0.9f;
  static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-7f;

  /**
   * A smaller share of a 32-bit float, taken off it, leaves it as it was: floats are at least 2^-24
   * of their value apart, and half of that rounds to the float itself. One more bit is for the
   * rounding of the share.
   */
  static final double LEAST_SHARE = 0x1p-26;

  /** Names of a variable's two moments in a checkpoint. */
  static final List<String> SLOTS = List.of(".adamMean", ".adamVariance");

  private final Ops tf;
  private final Variables variables;
  private final OptimizerConfig config;
  private final boolean decays;
  private final Placeholder<TFloat32> learningRate;
  private final Placeholder<TFloat32> beta1Power;
  private final Placeholder<TFloat32> beta2Power;

  /** The variables that get moments must be there; the moments are added. */
  Adam(Ops tf, Variables variables, List<NetworkSpec.Weight> trained, OptimizerConfig config) {
    this.tf = tf;
    this.variables = variables;
    this.config = config;
    this.decays = decaysAt(config.learningRate());
    this.learningRate = tf.placeholder(TFloat32.class);
    this.beta1Power = tf.placeholder(TFloat32.class);
    this.beta2Power = tf.placeholder(TFloat32.class);
    trained.forEach(
        weight -> SLOTS.forEach(slot -> variables.add(weight.name() + slot, weight.shape())));
  }

  /** Feeds the rates of a step. */
  void feed(Feeds feeds, long globalStep, double learningRate) {
    if (!decays && decaysAt(learningRate)) {
      throw new IllegalArgumentException(
          "a learning rate of %s, but the optimizer was made for %s"
              .formatted(learningRate, config.learningRate()));
    }
    feeds.scalar(this.learningRate, (float) learningRate);
    feeds.scalar(beta1Power, (float) Math.pow(BETA1, globalStep + 1.0));
    feeds.scalar(beta2Power, (float) Math.pow(BETA2, globalStep + 1.0));
  }

  /**
   * Updates all variables.
   *
   * @param gradients over the whole batch, by variable
   * @param readAfterItsGradient tells the variables that may be read until every gradient is known;
   *     the others change as soon as their own is
   */
  List<Op> updates(
      Map<String, Operand<TFloat32>> gradients, Predicate<String> readAfterItsGradient) {
    Ops afterAll = tf.withControlDependencies(List.<Op>copyOf(gradients.values()));
    List<Op> updates = new ArrayList<>();
    gradients.forEach(
        (variable, gradient) ->
            updates.add(
                update(
                    variable,
                    gradient,
                    readAfterItsGradient.test(variable)
                        ? afterAll
                        : tf.withControlDependencies(List.of(gradient)))));
    return updates;
  }

  private Op update(String name, Operand<TFloat32> gradient, Ops after) {
    Variable<TFloat32> variable = variables.get(name);
    Ops next = after;
    if (decays) {
      Operand<TFloat32> share =
          tf.math.mul(learningRate, tf.constant(config.weightDecay().floatValue()));
      // Ordered by hand: the product is a value of its own, so the variable can change in place.
      next =
          tf.withControlDependencies(
              List.of(after.assignSub(variable, after.math.mul(variable, share))));
    }
    return next.train.applyAdam(
        variable,
        variables.get(name + SLOTS.get(0)),
        variables.get(name + SLOTS.get(1)),
        beta1Power,
        beta2Power,
        learningRate,
        tf.constant(BETA1),
        tf.constant(BETA2),
        tf.constant(EPSILON),
        clip(gradient));
  }

  /**
   * Whether decay changes any weight at a learning rate. At the defaults it does not, here as in
   * Keras, and two passes over all weights are spared.
   */
  private boolean decaysAt(double rate) {
    return rate * config.weightDecay() >= LEAST_SHARE;
  }

  private Operand<TFloat32> clip(Operand<TFloat32> gradient) {
    if (config.clipNorm() == 0) {
      return gradient;
    }
    Operand<TFloat32> norm = tf.math.sqrt(tf.math.mul(tf.nn.l2Loss(gradient), tf.constant(2f)));
    Operand<TFloat32> longest = tf.constant(config.clipNorm().floatValue());
    return tf.math.mul(gradient, tf.math.div(longest, tf.math.maximum(norm, longest)));
  }
}
