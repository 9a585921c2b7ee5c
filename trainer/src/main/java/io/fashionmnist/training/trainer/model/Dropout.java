package io.fashionmnist.training.trainer.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;

/**
 * Dropout whose masks depend on the seed, the step, the tower and the layer alone, so that a
 * resumed run drops what an uninterrupted one would have dropped.
 *
 * <p>A random byte decides for an element: eight elements share one draw of 64 bits, and a rate is
 * met to 1/256. The default rates, 0.25 and 0.5, are met exactly.
 */
final class Dropout {
  private static final int LEVELS = 256;
  private static final int BYTES_PER_WORD = 8;

  private final Ops tf;
  private final Operand<TInt64> step;
  private final long seed;
  private int masks;

  /**
   * @param step the optimizer step, a scalar
   * @param seed differs between runs and between towers
   */
  Dropout(Ops tf, Operand<TInt64> step, long seed) {
    this.tf = tf;
    this.step = step;
    this.seed = seed;
  }

  /**
   * Zeroes a share of the elements and scales the others up, so that the mean stays.
   *
   * @param x any shape
   * @param rate share to drop, at least 0 and less than 1
   */
  <T extends TFloating> Operand<T> apply(Operand<T> x, double rate, Class<T> type) {
    int dropped = (int) Math.min(Math.round(rate * LEVELS), LEVELS - 1);
    if (dropped == 0) {
      return x;
    }
    Operand<TInt32> shape = tf.shape(x);
    Operand<TInt32> elements = tf.prod(shape, tf.constant(0));
    Operand<TInt32> words =
        tf.math.div(
            tf.math.add(elements, tf.constant(BYTES_PER_WORD - 1)), tf.constant(BYTES_PER_WORD));
    // A layer's place in the network keeps its stream apart from the other layers'.
    Operand<TInt64> key =
        tf.stack(
            List.<Operand<TInt64>>of(
                tf.constant(seed),
                tf.math.add(
                    tf.math.mul(step, tf.constant((long) LEVELS)), tf.constant((long) masks++))));
    Operand<TInt64> random =
        tf.random.statelessRandomUniformFullInt(
            tf.expandDims(words, tf.constant(0)), key, TInt64.class);
    Operand<TUint8> bytes =
        tf.slice(
            tf.reshape(tf.bitcast(random, TUint8.class), tf.constant(new int[] {-1})),
            tf.constant(new int[] {0}),
            tf.expandDims(elements, tf.constant(0)));
    Operand<T> kept =
        tf.dtypes.cast(
            tf.math.greaterEqual(tf.reshape(bytes, shape), tf.constant((byte) dropped)), type);
    float scale = (float) LEVELS / (LEVELS - dropped);
    return tf.math.mul(x, tf.math.mul(kept, tf.dtypes.cast(tf.constant(scale), type)));
  }
}
