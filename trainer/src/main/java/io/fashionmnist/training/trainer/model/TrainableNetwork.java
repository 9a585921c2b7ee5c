package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.api.training.OptimizerConfig;
import io.fashionmnist.training.trainer.data.Batch;
import io.fashionmnist.training.trainer.evaluation.Classifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/** The network while it learns: weights, optimizer, and a graph that does a step. */
public final class TrainableNetwork implements AutoCloseable, Classifier {
  private static final String BEST = "best.";

  private final NetworkSpec spec;
  private final Graph graph = new Graph();
  private final Session session;
  private final Variables variables;
  private final TrainingGraph<?> training;
  private final Placeholder<TUint8> inferencePixels;
  private final Operand<TFloat32> inferenceLogits;
  private final Variables.Loader loader;
  private final Variables.PathTarget saver;
  private final Variables.PathTarget restorer;
  private final Op keepBest;
  private final Op recallBest;
  private final Operand<TFloat32> weightNorm;

  /**
   * What a step brought.
   *
   * @param lossSum sum of the images' cross-entropies, in nats
   * @param right number of images classified rightly
   */
  public record StepResult(double lossSum, int right) {}

  /**
   * Builds the graph and draws the weights.
   *
   * @param towers copies that split a batch; each needs a processor to be of use
   * @param bfloat16 whether activations are in bfloat16
   * @param seed of the weights and of dropout
   */
  public TrainableNetwork(
      NetworkSpec spec, OptimizerConfig optimizer, int towers, boolean bfloat16, long seed) {
    this.spec = spec;
    Ops tf = Ops.create(graph);
    variables = Variables.of(tf, spec.weights());
    ForwardPass<?> forward =
        bfloat16
            ? new ForwardPass<>(tf, spec, variables, TBfloat16.class)
            : new ForwardPass<>(tf, spec, variables, TFloat32.class);
    training = new TrainingGraph<>(graph, tf, spec, forward, variables, optimizer, towers, seed);

    inferencePixels =
        tf.placeholder(
            TUint8.class, Placeholder.shape(Shape.of(-1, spec.height(), spec.width(), 1)));
    inferenceLogits = forward.inference(forward.scaled(inferencePixels));

    List<Op> keep = new ArrayList<>();
    List<Op> recall = new ArrayList<>();
    for (NetworkSpec.Weight weight : spec.weights()) {
      Variable<TFloat32> current = variables.get(weight.name());
      Variable<TFloat32> best = variables.add(BEST + weight.name(), weight.shape());
      keep.add(tf.assign(best, current));
      recall.add(tf.assign(current, best));
    }
    keepBest = tf.withControlDependencies(keep).noOp();
    recallBest = tf.withControlDependencies(recall).noOp();
    weightNorm =
        tf.math.addN(
            spec.weights().stream()
                .<Operand<TFloat32>>map(weight -> tf.nn.l2Loss(variables.get(weight.name())))
                .toList());
    loader = variables.loader();
    saver = variables.saver();
    restorer = variables.restorer();

    session = new Session(graph, TensorFlowRuntime.configuration(towers));
    initialize(seed);
  }

  private void initialize(long seed) {
    Map<String, TFloat32> initial = InitialWeights.draw(spec.weights(), seed);
    List<TFloat32> zeros = new ArrayList<>();
    try {
      Map<String, TFloat32> all = new LinkedHashMap<>(initial);
      for (NetworkSpec.Weight weight : spec.weights()) {
        all.put(BEST + weight.name(), initial.get(weight.name()));
        if (weight.trainable()) {
          TFloat32 zero = InitialWeights.zeros(weight);
          zeros.add(zero);
          Adam.SLOTS.forEach(slot -> all.put(weight.name() + slot, zero));
        }
      }
      loader.load(session, all);
    } finally {
      initial.values().forEach(Tensor::close);
      zeros.forEach(Tensor::close);
    }
  }

  /** Number of weights that the optimizer changes. */
  public long parameters() {
    return spec.parameters();
  }

  /**
   * Does an optimizer step.
   *
   * @param batch at least one image per tower
   * @param globalStep steps done before this one
   */
  public StepResult step(Batch batch, long globalStep, double learningRate) {
    return run(batch, globalStep, learningRate, true);
  }

  private StepResult run(Batch batch, long globalStep, double learningRate, boolean learn) {
    try (var feeds = new Feeds(session.runner())) {
      training.feed(feeds, batch, globalStep);
      Session.Runner runner = feeds.runner().fetch(training.lossSum()).fetch(training.rightCount());
      if (learn) {
        training.feedRates(feeds, globalStep, learningRate);
        runner.addTarget(training.update());
      }
      try (var result = runner.run()) {
        return new StepResult(
            ((TFloat32) result.get(0)).getFloat(), ((TInt32) result.get(1)).getInt());
      }
    }
  }

  @Override
  public float[] logits(byte[] pixels, int count) {
    try (var feeds = new Feeds(session.runner())) {
      feeds.pixels(inferencePixels, pixels, 0, count, spec);
      try (var result = feeds.runner().fetch(inferenceLogits).run()) {
        return Floats.of(result.get(0));
      }
    }
  }

  @Override
  public int classes() {
    return spec.classes();
  }

  /** Remembers the current weights as the best. */
  public void keepBest() {
    session.run(keepBest);
  }

  /** Makes the best weights the current ones. */
  public void recallBest() {
    session.run(recallBest);
  }

  /** Whether every weight is a finite number. */
  public boolean isFinite() {
    try (var result = session.runner().fetch(weightNorm).run()) {
      return Float.isFinite(((TFloat32) result.get(0)).getFloat());
    }
  }

  /** Saves weights, best weights and the optimizer's moments to files that begin with a path. */
  public void save(Path prefix) {
    saver.run(session, prefix);
  }

  /** Restores what {@link #save} wrote. */
  public void restore(Path prefix) {
    restorer.run(session, prefix);
  }

  /** Sets variables by name, in row-major order. */
  void load(Map<String, float[]> values) {
    Map<String, TFloat32> tensors = new LinkedHashMap<>();
    values.forEach(
        (name, content) ->
            tensors.put(name, TFloat32.tensorOf(variables.shape(name), DataBuffers.of(content))));
    try {
      loader.load(session, tensors);
    } finally {
      tensors.values().forEach(Tensor::close);
    }
  }

  /** A variable, in row-major order. */
  float[] read(String name) {
    return variables.read(session, name);
  }

  /** Every trainable variable's gradient over a batch, before clipping; changes nothing. */
  Map<String, float[]> gradients(Batch batch, long globalStep) {
    try (var feeds = new Feeds(session.runner())) {
      training.feed(feeds, batch, globalStep);
      Session.Runner runner = feeds.runner();
      training.gradients().values().forEach(runner::fetch);
      try (var result = runner.run()) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (String weight : training.gradients().keySet()) {
          values.put(weight, Floats.of(result.get(values.size())));
        }
        return values;
      }
    }
  }

  /** What a batch's loss is in training; changes nothing. */
  StepResult tryOut(Batch batch, long globalStep) {
    return run(batch, globalStep, 0, false);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
