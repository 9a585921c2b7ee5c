package io.fashionmnist.training.trainer.model;

import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/** Numbers out of a tensor. */
final class Floats {
  private Floats() {}

  /** All values of a tensor of 32-bit floats, in row-major order. */
  static float[] of(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    ((TFloat32) tensor).asRawTensor().data().asFloats().read(values);
    return values;
  }
}
