package io.fashionmnist.training.trainer.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/** Tensors fed to one run, closed after it: native memory is not garbage-collected. */
record Feeds(Session.Runner runner, List<Tensor> tensors) implements AutoCloseable {
  Feeds(Session.Runner runner) {
    this(runner, new ArrayList<>());
  }

  void pixels(
      Placeholder<TUint8> placeholder, byte[] pixels, int from, int count, NetworkSpec spec) {
    int bytes = spec.height() * spec.width();
    add(
        placeholder,
        TUint8.tensorOf(
            Shape.of(count, spec.height(), spec.width(), 1),
            DataBuffers.of(pixels, true, false).slice((long) from * bytes, (long) count * bytes)));
  }

  void labels(Placeholder<TInt32> placeholder, int[] labels, int from, int count) {
    add(
        placeholder,
        TInt32.tensorOf(Shape.of(count), DataBuffers.of(labels, true, false).slice(from, count)));
  }

  void scalar(Placeholder<TFloat32> placeholder, float value) {
    add(placeholder, TFloat32.scalarOf(value));
  }

  void scalar(Placeholder<TInt64> placeholder, long value) {
    add(placeholder, TInt64.scalarOf(value));
  }

  private void add(Operand<?> placeholder, Tensor tensor) {
    tensors.add(tensor);
    runner.feed(placeholder, tensor);
  }

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
  }
}
