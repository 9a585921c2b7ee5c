package io.fashionmnist.training.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

class DropoutTest {
  private static final int ELEMENTS = 100_003;

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5, 0.75, 0.3125, 0.9})
  void dropsTheShareAndKeepsTheMean(double rate) {
    float[] dropped = apply(rate, 42, 5);

    int zeros = 0;
    double sum = 0;
    for (float value : dropped) {
      zeros += value == 0 ? 1 : 0;
      sum += value;
    }
    // Four standard deviations, and the rate's own grain of 1/512 at most.
    assertThat((double) zeros / ELEMENTS).isCloseTo(rate, within(0.0063 + 1.0 / 512));
    assertThat(sum / ELEMENTS * Dropout.scale(rate)).isCloseTo(1.0, within(0.05));
  }

  @Test
  void bitsOfOneByteDecideIndependently() {
    float[] dropped = apply(0.5, 42, 5);
    int eighth = ELEMENTS / 8;
    for (int group = 1; group < 8; group++) {
      int equal = 0;
      for (int i = 0; i < eighth; i++) {
        equal += dropped[i] == dropped[i + group * eighth] ? 1 : 0;
      }
      // Five standard deviations.
      assertThat((double) equal / eighth).isCloseTo(0.5, within(0.0224));
    }
  }

  @Test
  void theMaskDependsOnSeedAndStepAlone() {
    assertThat(apply(0.5, 42, 5)).isEqualTo(apply(0.5, 42, 5));
    assertThat(apply(0.5, 42, 6)).isNotEqualTo(apply(0.5, 42, 5));
    assertThat(apply(0.5, 43, 5)).isNotEqualTo(apply(0.5, 42, 5));
  }

  @Test
  void rateZeroDropsNothing() {
    assertThat(apply(0, 42, 5)).containsOnly(1f);
  }

  private static float[] apply(double rate, long seed, long step) {
    try (Graph graph = new Graph();
        TInt64 stepValue = TInt64.scalarOf(step)) {
      Ops tf = Ops.create(graph);
      Placeholder<TInt64> stepInput = tf.placeholder(TInt64.class);
      Operand<TFloat32> ones = tf.fill(tf.constant(new int[] {ELEMENTS}), tf.constant(1f));
      Operand<TFloat32> dropped =
          new Dropout(tf, stepInput, seed).apply(ones, rate, TFloat32.class);
      try (Session session = new Session(graph);
          var result = session.runner().feed(stepInput, stepValue).fetch(dropped).run()) {
        assertThat(result.get(0).shape()).isEqualTo(Shape.of(ELEMENTS));
        return Floats.of(result.get(0));
      }
    }
  }
}
