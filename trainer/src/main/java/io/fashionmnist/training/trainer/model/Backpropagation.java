package io.fashionmnist.training.trainer.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Gradients of a loss, taken stage by stage from the last to the first.
 *
 * <p>TensorFlow differentiates within a stage, and the ReLU between two stages is done here: by its
 * output, which says as well as its input where it let the gradient through. TensorFlow's own
 * gradient reads the input, and where somebody else reads that, oneDNN cannot do convolution, bias
 * and ReLU in one go.
 *
 * @param byWeight gradient by the weight's name
 * @param atOutputs gradient of each stage's output but the last one's, in the order of the stages
 * @param <T> format of the activations
 */
record Backpropagation<T extends TFloating>(
    Map<String, Operand<TFloat32>> byWeight, List<Operand<T>> atOutputs) {

  /**
   * A part of the network from one ReLU to the next.
   *
   * @param weights names of the weights whose gradients are wanted
   * @param input what the ReLU before it gave; for the first stage, the images
   * @param output what the ReLU after it gets; for the last stage, the logits
   */
  record Stage<T extends TFloating>(List<String> weights, Operand<T> input, Operand<?> output) {}

  /** Adds the gradients to a graph, their operations' names beginning with {@code name}. */
  static <T extends TFloating> Backpropagation<T> of(
      Graph graph,
      Ops tf,
      Variables variables,
      String name,
      Operand<TFloat32> loss,
      List<Stage<T>> stages) {
    Map<String, Operand<TFloat32>> byWeight = new HashMap<>();
    List<Operand<T>> atOutputs = new ArrayList<>();
    for (int i = stages.size() - 1; i >= 0; i--) {
      Stage<T> stage = stages.get(i);
      boolean last = i == stages.size() - 1;
      List<Operand<?>> wanted = new ArrayList<>();
      stage.weights().forEach(weight -> wanted.add(variables.get(weight)));
      if (i > 0) {
        wanted.add(stage.input());
      }
      Output<?>[] gradients =
          graph.addGradients(
              name + ".stage" + i,
              new Output<?>[] {(last ? loss : stage.output()).asOutput()},
              wanted.stream().map(Operand::asOutput).toArray(Output<?>[]::new),
              last ? null : new Output<?>[] {atOutputs.getFirst().asOutput()});
      for (int w = 0; w < stage.weights().size(); w++) {
        byWeight.put(stage.weights().get(w), gradients[w].expect(TFloat32.class));
      }
      if (i > 0) {
        Operand<T> passed = gradients[stage.weights().size()].expect(stage.input().type());
        atOutputs.addFirst(tf.nn.reluGrad(passed, stage.input()));
      }
    }
    return new Backpropagation<>(byWeight, atOutputs);
  }
}
