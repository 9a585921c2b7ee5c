package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.api.training.OptimizerConfig;
import io.fashionmnist.training.trainer.data.Batch;
import io.fashionmnist.training.trainer.model.ForwardPass.BatchStatistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * The part of a graph that does a training step: towers, gradients, optimizer.
 *
 * <p>A batch is split among <em>towers</em>, copies of the network that share the weights, compute
 * side by side on one thread each, and whose gradients are added; each tower normalises by its own
 * part of the batch. That is faster than one copy on several threads, because the small operations
 * between the convolutions do not parallelise.
 *
 * @param <T> format of the activations
 */
final class TrainingGraph<T extends TFloating> {
  private static final float MOMENTUM = 0.99f;
  private static final String DENSE_KERNEL = NetworkSpec.DENSE + ".kernel";

  private final Graph graph;
  private final Ops tf;
  private final NetworkSpec spec;
  private final ForwardPass<T> forward;
  private final Variables variables;
  private final Placeholder<TInt64> step;
  private final Placeholder<TFloat32> imageWeight;
  private final List<Tower<T>> towers;
  private final Adam adam;
  private final Operand<TFloat32> lossSum;
  private final Operand<TInt32> rightCount;
  private final Map<String, Operand<TFloat32>> gradients = new LinkedHashMap<>();
  private final Op update;

  /**
   * One copy of the network in the graph.
   *
   * @param pixels [n, height, width, 1]
   * @param labels [n]
   */
  private record Tower<T extends TFloating>(
      Placeholder<TUint8> pixels,
      Placeholder<TInt32> labels,
      Operand<TFloat32> lossSum,
      Operand<TInt32> rightCount,
      ForwardPass.Result<T> pass,
      Backpropagation<T> backpropagation) {}

  /**
   * Adds to a graph.
   *
   * @param variables the weights; the optimizer's are added
   * @param towers copies that split a batch; each needs a processor to be of use
   * @param seed of dropout
   */
  TrainingGraph(
      Graph graph,
      Ops tf,
      NetworkSpec spec,
      ForwardPass<T> forward,
      Variables variables,
      OptimizerConfig optimizer,
      int towers,
      long seed) {
    this.graph = graph;
    this.tf = tf;
    this.spec = spec;
    this.forward = forward;
    this.variables = variables;
    step = tf.placeholder(TInt64.class);
    imageWeight = tf.placeholder(TFloat32.class);
    this.towers =
        IntStream.range(0, towers).mapToObj(index -> tower(index, seed * towers + index)).toList();
    lossSum = sum(this.towers.stream().map(Tower::lossSum).toList());
    rightCount = sum(this.towers.stream().map(Tower::rightCount).toList());
    List<NetworkSpec.Weight> trained =
        spec.weights().stream().filter(NetworkSpec.Weight::trainable).toList();
    trained.forEach(weight -> gradients.put(weight.name(), gradient(weight.name())));
    adam = new Adam(tf, variables, trained, optimizer);
    List<Op> updates = new ArrayList<>(adam.updates(gradients, this::readAfterItsGradient));
    updates.addAll(movingStatistics());
    update = tf.withControlDependencies(updates).noOp();
  }

  private Tower<T> tower(int index, long seed) {
    Placeholder<TUint8> pixels =
        tf.placeholder(
            TUint8.class, Placeholder.shape(Shape.of(-1, spec.height(), spec.width(), 1)));
    Placeholder<TInt32> labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    ForwardPass.Result<T> pass =
        forward.training(forward.scaled(pixels), new Dropout(tf, step, seed));
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
    Backpropagation<T> backpropagation =
        Backpropagation.of(
            graph,
            tf,
            variables,
            "tower" + index,
            tf.math.mul(lossSum, imageWeight),
            pass.stages());
    return new Tower<>(pixels, labels, lossSum, rightCount, pass, backpropagation);
  }

  /** A weight's gradient over the whole batch. */
  private Operand<TFloat32> gradient(String weight) {
    return weight.equals(DENSE_KERNEL)
        ? denseKernelGradient()
        : sum(
            towers.stream().map(tower -> tower.backpropagation().byWeight().get(weight)).toList());
  }

  /**
   * The one large gradient, by one multiplication for all towers: the result is the same size for
   * one as for all, and so are its conversion and the sum that this spares.
   */
  private Operand<TFloat32> denseKernelGradient() {
    List<Operand<T>> inputs = towers.stream().map(tower -> tower.pass().flat()).toList();
    List<Operand<T>> outputs =
        towers.stream().map(tower -> tower.backpropagation().atOutputs().getLast()).toList();
    Operand<T> units =
        tf.reshape(rows(outputs), tf.constant(new int[] {-1, spec.model().denseUnits()}));
    return tf.dtypes.cast(
        tf.linalg.matMul(rows(inputs), units, MatMul.transposeA(true)), TFloat32.class);
  }

  private Operand<T> rows(List<Operand<T>> parts) {
    return parts.size() == 1 ? parts.getFirst() : tf.concat(parts, tf.constant(0));
  }

  private <U extends TType> Operand<U> sum(List<Operand<U>> parts) {
    return parts.size() == 1 ? parts.getFirst() : tf.math.addN(parts);
  }

  /** The moving statistics follow the mean of the towers' statistics. */
  private List<Op> movingStatistics() {
    List<Op> updates = new ArrayList<>();
    List<BatchStatistics> layers = towers.getFirst().pass().statistics();
    for (int layer = 0; layer < layers.size(); layer++) {
      List<Operand<TFloat32>> means = new ArrayList<>();
      List<Operand<TFloat32>> variances = new ArrayList<>();
      for (Tower<T> tower : towers) {
        means.add(tower.pass().statistics().get(layer).mean());
        variances.add(tower.pass().statistics().get(layer).variance());
      }
      String name = layers.get(layer).layer();
      updates.add(follow(variables.get(name + ".movingMean"), means));
      updates.add(follow(variables.get(name + ".movingVariance"), variances));
    }
    return updates;
  }

  private Op follow(Variable<TFloat32> moving, List<Operand<TFloat32>> values) {
    Operand<TFloat32> mean = tf.math.mul(sum(values), tf.constant(1f / values.size()));
    return tf.assignSub(moving, tf.math.mul(tf.math.sub(moving, mean), tf.constant(1 - MOMENTUM)));
  }

  /**
   * Whether something may still read a weight when its gradient is there: a kernel in 32 bits is
   * read once more for the gradient of the layer before it. In other formats it is read when it is
   * converted, before the loss, and so are biases; and the operation that reads gamma once more is
   * the one that gives its gradient.
   */
  private boolean readAfterItsGradient(String weight) {
    return weight.endsWith(".kernel") && !forward.converts(weight);
  }

  /** Feeds a batch and the number of steps done before. */
  void feed(Feeds feeds, Batch batch, long globalStep) {
    int offset = 0;
    for (int t = 0; t < towers.size(); t++) {
      int end = (int) ((long) batch.size() * (t + 1) / towers.size());
      Tower<T> tower = towers.get(t);
      feeds.pixels(tower.pixels(), batch.pixels(), offset, end - offset, spec);
      feeds.labels(tower.labels(), batch.labels(), offset, end - offset);
      offset = end;
    }
    feeds.scalar(imageWeight, 1f / batch.size());
    feeds.scalar(step, globalStep);
  }

  /** Feeds what {@link #update} needs besides. */
  void feedRates(Feeds feeds, long globalStep, double learningRate) {
    adam.feed(feeds, globalStep, learningRate);
  }

  /** Sum of the images' cross-entropies. */
  Operand<TFloat32> lossSum() {
    return lossSum;
  }

  /** Number of images classified rightly. */
  Operand<TInt32> rightCount() {
    return rightCount;
  }

  /** Every trainable weight's gradient over the batch, before clipping. */
  Map<String, Operand<TFloat32>> gradients() {
    return gradients;
  }

  /** Changes the weights. */
  Op update() {
    return update;
  }
}
