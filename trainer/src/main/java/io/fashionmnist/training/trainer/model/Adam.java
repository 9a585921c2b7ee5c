package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.api.training.OptimizerConfig;
import java.util.ArrayList;
import java.util.List;
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

  /** Names of a variable's two moments in a checkpoint. */
  static final List<String> SLOTS = List.of(".adamMean", ".adamVariance");

  private final Ops tf;
  private final Variables variables;
  private final OptimizerConfig config;
  private final Placeholder<TFloat32> learningRate;
  private final Placeholder<TFloat32> beta1Power;
  private final Placeholder<TFloat32> beta2Power;

  /** The variables that get moments must be there; the moments are added. */
  Adam(Ops tf, Variables variables, List<NetworkSpec.Weight> trained, OptimizerConfig config) {
    this.tf = tf;
    this.variables = variables;
    this.config = config;
    this.learningRate = tf.placeholder(TFloat32.class);
    this.beta1Power = tf.placeholder(TFloat32.class);
    this.beta2Power = tf.placeholder(TFloat32.class);
    trained.forEach(
        weight -> SLOTS.forEach(slot -> variables.add(weight.name() + slot, weight.shape())));
  }

  /** Learning rate of a step. */
  Placeholder<TFloat32> learningRate() {
    return learningRate;
  }

  /** {@link #BETA1} to the power of the step, counted from 1. */
  Placeholder<TFloat32> beta1Power() {
    return beta1Power;
  }

  /** {@link #BETA2} to the power of the step, counted from 1. */
  Placeholder<TFloat32> beta2Power() {
    return beta2Power;
  }

  /** A variable's gradient over the whole batch. */
  record Gradient(String variable, Operand<TFloat32> value) {}

  /** Updates all variables, none before every gradient is known: gradients read the variables. */
  List<Op> updates(List<Gradient> gradients) {
    Ops after = tf.withControlDependencies(gradients.stream().<Op>map(Gradient::value).toList());
    List<Op> updates = new ArrayList<>();
    for (Gradient gradient : gradients) {
      Variable<TFloat32> variable = variables.get(gradient.variable());
      Ops next = after;
      if (config.weightDecay() > 0) {
        Operand<TFloat32> share =
            tf.math.mul(learningRate, tf.constant(config.weightDecay().floatValue()));
        // Ordered by hand: the product is a value of its own, so the variable can change in place.
        next =
            tf.withControlDependencies(
                List.of(after.assignSub(variable, after.math.mul(variable, share))));
      }
      updates.add(
          next.train.applyAdam(
              variable,
              variables.get(gradient.variable() + SLOTS.get(0)),
              variables.get(gradient.variable() + SLOTS.get(1)),
              beta1Power,
              beta2Power,
              learningRate,
              tf.constant(BETA1),
              tf.constant(BETA2),
              tf.constant(EPSILON),
              clip(gradient.value())));
    }
    return updates;
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
