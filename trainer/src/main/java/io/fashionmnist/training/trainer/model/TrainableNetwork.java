package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.api.training.OptimizerConfig;
import io.fashionmnist.training.trainer.data.Batch;
import io.fashionmnist.training.trainer.evaluation.Classifier;
import io.fashionmnist.training.trainer.model.ForwardPass.BatchStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
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
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * The network while it learns: weights, optimizer, and a graph that does a step.
 *
 * <p>A batch is split among <em>towers</em>, copies of the network that share the weights, compute
 * side by side on one thread each, and whose gradients are added; each tower normalises by its own
 * part of the batch. That is faster than one copy on several threads, because the small operations
 * between the convolutions do not parallelise.
 */
public final class TrainableNetwork implements AutoCloseable, Classifier {
  private static final float MOMENTUM = 0.99f;
  private static final String BEST = "best.";

  private final NetworkSpec spec;
  private final Graph graph = new Graph();
  private final Session session;
  private final Variables variables;
  private final List<Tower> towers;
  private final Adam adam;
  private final Placeholder<TInt64> step;
  private final Placeholder<TFloat32> imageWeight;
  private final Operand<TFloat32> lossSum;
  private final Operand<TInt32> rightCount;
  private final List<Adam.Gradient> gradients;
  private final Op update;
  private final Placeholder<TUint8> inferencePixels;
  private final Operand<TFloat32> inferenceLogits;
  private final Variables.Loader loader;
  private final Variables.PathTarget saver;
  private final Variables.PathTarget restorer;
  private final Op keepBest;
  private final Op recallBest;
  private final Operand<TFloat32> weightNorm;

  /**
   * One copy of the network in the graph.
   *
   * @param pixels [n, height, width, 1]
   * @param labels [n]
   */
  private record Tower(
      Placeholder<TUint8> pixels,
      Placeholder<TInt32> labels,
      Operand<TFloat32> lossSum,
      Operand<TInt32> rightCount,
      List<BatchStatistics> statistics,
      Output<?>[] gradients) {}

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
    List<NetworkSpec.Weight> trained =
        spec.weights().stream().filter(NetworkSpec.Weight::trainable).toList();
    variables = Variables.of(tf, spec.weights());
    ForwardPass<?> forward =
        bfloat16
            ? new ForwardPass<>(tf, spec, variables, TBfloat16.class)
            : new ForwardPass<>(tf, spec, variables, TFloat32.class);
    step = tf.placeholder(TInt64.class);
    imageWeight = tf.placeholder(TFloat32.class);
    this.towers =
        IntStream.range(0, towers)
            .mapToObj(index -> tower(tf, forward, trained, index, seed * towers + index))
            .toList();
    lossSum = sum(tf, this.towers.stream().map(Tower::lossSum).toList());
    rightCount = sum(tf, this.towers.stream().map(Tower::rightCount).toList());
    gradients =
        IntStream.range(0, trained.size())
            .mapToObj(
                v ->
                    new Adam.Gradient(
                        trained.get(v).name(),
                        sum(
                            tf,
                            this.towers.stream()
                                .<Operand<TFloat32>>map(
                                    tower -> tower.gradients()[v].expect(TFloat32.class))
                                .toList())))
            .toList();
    adam = new Adam(tf, variables, trained, optimizer);
    List<Op> updates = new ArrayList<>(adam.updates(gradients));
    updates.addAll(movingStatistics(tf));
    update = tf.withControlDependencies(updates).noOp();

    inferencePixels =
        tf.placeholder(
            TUint8.class, Placeholder.shape(Shape.of(-1, spec.height(), spec.width(), 1)));
    inferenceLogits = forward.inference(scaled(tf, inferencePixels));

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

  private Tower tower(
      Ops tf, ForwardPass<?> forward, List<NetworkSpec.Weight> trained, int index, long seed) {
    Placeholder<TUint8> pixels =
        tf.placeholder(
            TUint8.class, Placeholder.shape(Shape.of(-1, spec.height(), spec.width(), 1)));
    Placeholder<TInt32> labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    ForwardPass.Training pass = forward.training(scaled(tf, pixels), new Dropout(tf, step, seed));
    Operand<TFloat32> truth =
        tf.oneHot(labels, tf.constant(spec.classes()), tf.constant(1f), tf.constant(0f));
    Operand<TFloat32> lossSum =
        tf.sum(tf.nn.softmaxCrossEntropyWithLogits(pass.logits(), truth).loss(), tf.constant(0));
    Operand<TInt32> rightCount =
        tf.sum(
            tf.dtypes.cast(
                tf.math.equal(tf.math.argMax(pass.logits(), tf.constant(1), TInt32.class), labels),
                TInt32.class),
            tf.constant(0));
    Output<?>[] gradients =
        graph.addGradients(
            "tower" + index,
            new Output<?>[] {tf.math.mul(lossSum, imageWeight).asOutput()},
            trained.stream()
                .map(weight -> variables.get(weight.name()).asOutput())
                .toArray(Output<?>[]::new),
            null);
    return new Tower(pixels, labels, lossSum, rightCount, pass.statistics(), gradients);
  }

  /** Pixels from 0 to 255 as numbers from 0 to 1. */
  private static Operand<TFloat32> scaled(Ops tf, Operand<TUint8> pixels) {
    return tf.math.mul(tf.dtypes.cast(pixels, TFloat32.class), tf.constant(1 / 255f));
  }

  private static <T extends org.tensorflow.types.family.TType> Operand<T> sum(
      Ops tf, List<Operand<T>> parts) {
    return parts.size() == 1 ? parts.getFirst() : tf.math.addN(parts);
  }

  /** The moving statistics follow the mean of the towers' statistics. */
  private List<Op> movingStatistics(Ops tf) {
    List<Op> updates = new ArrayList<>();
    for (int layer = 0; layer < towers.getFirst().statistics().size(); layer++) {
      List<Operand<TFloat32>> means = new ArrayList<>();
      List<Operand<TFloat32>> variances = new ArrayList<>();
      for (Tower tower : towers) {
        means.add(tower.statistics().get(layer).mean());
        variances.add(tower.statistics().get(layer).variance());
      }
      String name = towers.getFirst().statistics().get(layer).layer();
      updates.add(follow(tf, variables.get(name + ".movingMean"), means));
      updates.add(follow(tf, variables.get(name + ".movingVariance"), variances));
    }
    return updates;
  }

  private static Op follow(Ops tf, Variable<TFloat32> moving, List<Operand<TFloat32>> values) {
    Operand<TFloat32> mean = tf.math.mul(sum(tf, values), tf.constant(1f / values.size()));
    return tf.assignSub(moving, tf.math.mul(tf.math.sub(moving, mean), tf.constant(1 - MOMENTUM)));
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
      feedBatch(feeds, batch, globalStep);
      feeds.scalar(adam.learningRate(), (float) learningRate);
      feeds.scalar(adam.beta1Power(), (float) Math.pow(Adam.BETA1, globalStep + 1.0));
      feeds.scalar(adam.beta2Power(), (float) Math.pow(Adam.BETA2, globalStep + 1.0));
      Session.Runner runner = feeds.runner().fetch(lossSum).fetch(rightCount);
      if (learn) {
        runner.addTarget(update);
      }
      try (var result = runner.run()) {
        return new StepResult(
            ((TFloat32) result.get(0)).getFloat(), ((TInt32) result.get(1)).getInt());
      }
    }
  }

  private void feedBatch(Feeds feeds, Batch batch, long globalStep) {
    int offset = 0;
    for (int t = 0; t < towers.size(); t++) {
      int end = (int) ((long) batch.size() * (t + 1) / towers.size());
      Tower tower = towers.get(t);
      feeds.pixels(tower.pixels(), batch.pixels(), offset, end - offset, spec);
      feeds.labels(tower.labels(), batch.labels(), offset, end - offset);
      offset = end;
    }
    feeds.scalar(imageWeight, 1f / batch.size());
    feeds.scalar(step, globalStep);
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
      feedBatch(feeds, batch, globalStep);
      Session.Runner runner = feeds.runner();
      gradients.forEach(gradient -> runner.fetch(gradient.value()));
      try (var result = runner.run()) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (int i = 0; i < gradients.size(); i++) {
          values.put(gradients.get(i).variable(), Floats.of(result.get(i)));
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

  /** Tensors fed to one run, closed after it: native memory is not garbage-collected. */
  private record Feeds(Session.Runner runner, List<Tensor> tensors) implements AutoCloseable {
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
              DataBuffers.of(pixels, true, false)
                  .slice((long) from * bytes, (long) count * bytes)));
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
}
