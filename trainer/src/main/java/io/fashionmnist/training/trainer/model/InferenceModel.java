package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.trainer.evaluation.Classifier;
import java.io.IOException;
import java.nio.file.Path;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * The finished network, in 32-bit floats whatever it was trained in: what is tested is what is
 * exported.
 */
public final class InferenceModel implements AutoCloseable, Classifier {
  private static final float SCALE = 1 / 255f;

  private final NetworkSpec spec;
  private final Graph graph = new Graph();
  private final Session session;
  private final Layers layers;

  /**
   * Builds the network with the weights that {@link TrainableNetwork#save} wrote.
   *
   * @param prefix where the files begin
   * @param threads how many threads classify at once
   */
  public InferenceModel(NetworkSpec spec, Path prefix, int threads) {
    this.spec = spec;
    Ops tf = Ops.create(graph);
    Variables variables = Variables.of(tf, spec.weights());
    layers = build(tf, spec, variables);
    Variables.PathTarget restorer = variables.restorer();
    session = new Session(graph, TensorFlowRuntime.configuration(threads));
    restorer.run(session, prefix);
  }

  /**
   * The network as TensorFlow's GraphDef, serialized, for those who draw it.
   *
   * @param spec what it looks like; its weights are not in the graph
   */
  public static byte[] graphDefinition(NetworkSpec spec) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      build(tf, spec, Variables.of(tf, spec.weights()));
      return graph.toGraphDef().toByteArray();
    }
  }

  private record Layers(
      Placeholder<TFloat32> images, Operand<TFloat32> logits, Operand<TFloat32> probabilities) {}

  private static Layers build(Ops tf, NetworkSpec spec, Variables variables) {
    // The rank is left open: [N, H, W] and [N, H, W, 1] are both welcome.
    Placeholder<TFloat32> images =
        tf.withName("images").placeholder(TFloat32.class, Placeholder.shape(Shape.unknown()));
    Operand<TFloat32> logits =
        new ForwardPass<>(tf, spec, variables, TFloat32.class)
            .inference(
                tf.reshape(images, tf.constant(new int[] {-1, spec.height(), spec.width(), 1})));
    return new Layers(images, logits, tf.withName("probabilities").nn.softmax(logits));
  }

  @Override
  public float[] logits(byte[] pixels, int count) {
    try (TFloat32 input =
            TFloat32.tensorOf(
                Shape.of(count, spec.height(), spec.width()), tensor -> scale(pixels, tensor));
        var result = session.runner().feed(layers.images(), input).fetch(layers.logits()).run()) {
      return Floats.of(result.get(0));
    }
  }

  /**
   * Straight to where TensorFlow reads them: on the Java heap they would take four times as much.
   */
  private static void scale(byte[] pixels, TFloat32 tensor) {
    FloatDataBuffer values = tensor.asRawTensor().data().asFloats();
    for (long i = 0; i < values.size(); i++) {
      values.setFloat(Byte.toUnsignedInt(pixels[(int) i]) * SCALE, i);
    }
  }

  @Override
  public int classes() {
    return spec.classes();
  }

  /**
   * Writes a SavedModel whose signature {@code serving_default} takes {@code images}, [N, H, W] or
   * [N, H, W, 1] in [0, 1], and gives {@code probabilities}, [N, classes].
   */
  public void export(Path directory) throws IOException {
    Signature signature =
        Signature.builder()
            .key(Signature.DEFAULT_KEY)
            .methodName("tensorflow/serving/predict")
            .input("images", layers.images())
            .output("probabilities", layers.probabilities())
            .build();
    SavedModelBundle.exporter(directory.toString())
        .withFunction(session.function(signature))
        .export();
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
