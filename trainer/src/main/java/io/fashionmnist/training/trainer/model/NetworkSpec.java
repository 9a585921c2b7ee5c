package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.api.training.ModelConfig;
import io.fashionmnist.training.trainer.BadInputException;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ndarray.Shape;

/**
 * What the network looks like: convolution blocks (3x3 same, ReLU, batch normalisation, 2x2
 * max-pooling, dropout), a dense layer (ReLU, batch normalisation, dropout), and the softmax's
 * layer.
 *
 * @param height image height in pixels
 * @param width image width in pixels
 * @param classes number of classes
 */
public record NetworkSpec(ModelConfig model, int height, int width, int classes) {

  /** Side of the convolutions' square kernels. */
  static final int KERNEL = 3;

  /**
   * @throws BadInputException where the image is too small to be halved by every block, or too
   *     large for the dense layer behind them
   */
  public NetworkSpec {
    int smallest = 1 << model.filters().size();
    if (height < smallest || width < smallest) {
      throw new BadInputException(
          "images of %d x %d are too small for model.filters %s: every block halves them, so %d blocks need %d x %d or more"
              .formatted(
                  height, width, model.filters(), model.filters().size(), smallest, smallest));
    }
    long features = flatFeatures(model, height, width);
    if (features * model.denseUnits() > Integer.MAX_VALUE) {
      throw new BadInputException(
          "images of %d x %d leave %,d features to the dense layer, and times model.denseUnits %,d that is more weights than can be trained: make the images smaller, or give model.filters more or smaller blocks"
              .formatted(height, width, features, model.denseUnits()));
    }
  }

  /** How a weight is set before the first step. */
  sealed interface Initial {
    /** Even between plus and minus sqrt(6 / (fanIn + fanOut)): Glorot and Bengio, 2010. */
    record GlorotUniform(long fanIn, long fanOut) implements Initial {}

    record Constant(float value) implements Initial {}
  }

  /**
   * A weight of the network.
   *
   * @param trainable false for the moving statistics, which follow the batches instead of a
   *     gradient
   */
  record Weight(String name, Shape shape, boolean trainable, Initial initial) {
    int size() {
      return Math.toIntExact(shape.size());
    }
  }

  /** Number of features that reach the dense layer. */
  int flatFeatures() {
    return (int) flatFeatures(model, height, width);
  }

  private static long flatFeatures(ModelConfig model, int height, int width) {
    int blocks = model.filters().size();
    return (long) (height >> blocks) * (width >> blocks) * model.filters().getLast();
  }

  /** All weights in the order of the layers. */
  List<Weight> weights() {
    List<Weight> weights = new ArrayList<>();
    int channels = 1;
    for (int i = 0; i < model.filters().size(); i++) {
      int filters = model.filters().get(i);
      String layer = convolution(i);
      long area = (long) KERNEL * KERNEL;
      weights.add(
          new Weight(
              layer + ".kernel",
              Shape.of(KERNEL, KERNEL, channels, filters),
              true,
              new Initial.GlorotUniform(area * channels, area * filters)));
      addBiasAndNormalisation(weights, layer, filters);
      channels = filters;
    }
    addKernel(weights, DENSE, flatFeatures(), model.denseUnits());
    addBiasAndNormalisation(weights, DENSE, model.denseUnits());
    addKernel(weights, LOGITS, model.denseUnits(), classes);
    weights.add(bias(LOGITS, classes));
    return List.copyOf(weights);
  }

  /** Number of weights that the optimizer changes. */
  public long parameters() {
    return weights().stream().filter(Weight::trainable).mapToLong(Weight::size).sum();
  }

  /** Number of all values, those that follow the batches included. */
  public long values() {
    return weights().stream().mapToLong(Weight::size).sum();
  }

  /** Number of values that the convolutions make of an image. */
  public long convolved() {
    long values = 0;
    for (int i = 0; i < model.filters().size(); i++) {
      values += (long) (height >> i) * (width >> i) * model.filters().get(i);
    }
    return values;
  }

  static final String DENSE = "dense";
  static final String LOGITS = "logits";

  /** Name of convolution block {@code index}, counted from 0. */
  static String convolution(int index) {
    return "conv" + (index + 1);
  }

  private static void addKernel(List<Weight> weights, String layer, long inputs, long outputs) {
    weights.add(
        new Weight(
            layer + ".kernel",
            Shape.of(inputs, outputs),
            true,
            new Initial.GlorotUniform(inputs, outputs)));
  }

  private static void addBiasAndNormalisation(List<Weight> weights, String layer, long units) {
    weights.add(bias(layer, units));
    weights.add(vector(layer + ".gamma", units, true, 1));
    weights.add(vector(layer + ".beta", units, true, 0));
    weights.add(vector(layer + ".movingMean", units, false, 0));
    weights.add(vector(layer + ".movingVariance", units, false, 1));
  }

  private static Weight bias(String layer, long units) {
    return vector(layer + ".bias", units, true, 0);
  }

  private static Weight vector(String name, long units, boolean trainable, float initial) {
    return new Weight(name, Shape.of(units), trainable, new Initial.Constant(initial));
  }
}
