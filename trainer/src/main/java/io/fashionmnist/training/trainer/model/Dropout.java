package io.fashionmnist.training.trainer.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;

/**
 * Dropout whose masks depend on the seed, the step, the tower and the layer alone, so that a
 * resumed run drops what an uninterrupted one would have dropped.
 *
 * <p>Rates are met to 1/256; the default rates, 0.25 and 0.5, are met exactly. An element takes no
 * more random bits than its rate needs, one for 0.5 and two for 0.25, because drawing them is what
 * takes the time.
 */
final class Dropout {
  private static final int LEVELS = 256;
  private static final int BITS_PER_BYTE = 8;
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
   * What the elements that remain are to be multiplied by, so that the mean stays. {@link #apply}
   * leaves that to its caller, who has something smaller to multiply.
   */
  static float scale(double rate) {
    return (float) LEVELS / (LEVELS - dropped(rate));
  }

  /** How many levels of {@link #LEVELS} are dropped. */
  private static int dropped(double rate) {
    return (int) Math.min(Math.round(rate * LEVELS), LEVELS - 1);
  }

  /**
   * Zeroes a share of the elements.
   *
   * @param x any shape
   * @param rate share to drop, at least 0 and less than 1
   */
  <T extends TFloating> Operand<T> apply(Operand<T> x, double rate, Class<T> type) {
    int dropped = dropped(rate);
    if (dropped == 0) {
      return x;
    }
    int bits = 1;
    while (dropped % (LEVELS >> bits) != 0) {
      bits *= 2;
    }
    Operand<TInt32> shape = tf.shape(x);
    Operand<TInt32> elements = tf.prod(shape, tf.constant(0));
    Operand<TUint8> random = bytes(elements, BITS_PER_BYTE / bits);
    List<Operand<TBool>> kept = new ArrayList<>();
    for (int shift = 0; shift < BITS_PER_BYTE; shift += bits) {
      kept.add(
          tf.math.greaterEqual(
              tf.bitwise.bitwiseAnd(random, tf.constant((byte) (((1 << bits) - 1) << shift))),
              tf.constant((byte) (dropped >> (BITS_PER_BYTE - bits) << shift))));
    }
    Operand<TBool> mask =
        tf.slice(
            kept.size() == 1 ? kept.getFirst() : tf.concat(kept, tf.constant(0)),
            tf.constant(new int[] {0}),
            tf.expandDims(elements, tf.constant(0)));
    return tf.math.mul(x, tf.dtypes.cast(tf.reshape(mask, shape), type));
  }

  /** Random bytes, at least one for so many elements. */
  private Operand<TUint8> bytes(Operand<TInt32> elements, int elementsPerByte) {
    int elementsPerWord = elementsPerByte * BYTES_PER_WORD;
    Operand<TInt32> words =
        tf.math.div(
            tf.math.add(elements, tf.constant(elementsPerWord - 1)), tf.constant(elementsPerWord));
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
    return tf.reshape(tf.bitcast(random, TUint8.class), tf.constant(new int[] {-1}));
  }
}
