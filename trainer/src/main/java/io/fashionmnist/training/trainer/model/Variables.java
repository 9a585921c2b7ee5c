package io.fashionmnist.training.trainer.model;

import io.fashionmnist.training.trainer.model.NetworkSpec.Weight;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * A graph's variables by name, and the operations that set, save and restore them.
 *
 * <p>Saved files have TensorFlow's own checkpoint format (an index and a data file that share a
 * prefix).
 */
final class Variables {
  private final Ops tf;
  private final Map<String, Variable<TFloat32>> byName = new LinkedHashMap<>();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  Variables(Ops tf) {
    this.tf = tf;
  }

  /** Variables for the weights of a network. */
  static Variables of(Ops tf, List<Weight> weights) {
    Variables variables = new Variables(tf);
    weights.forEach(weight -> variables.add(weight.name(), weight.shape()));
    return variables;
  }

  Variable<TFloat32> add(String name, Shape shape) {
    Variable<TFloat32> variable = tf.withName(name).variable(shape, TFloat32.class);
    byName.put(name, variable);
    shapes.put(name, shape);
    return variable;
  }

  Variable<TFloat32> get(String name) {
    return byName.get(name);
  }

  Shape shape(String name) {
    return shapes.get(name);
  }

  /**
   * Adds the operations that set every variable to given values; to be built before the first run.
   */
  Loader loader() {
    Map<String, Placeholder<TFloat32>> values = new LinkedHashMap<>();
    Map<String, Op> assignments = new LinkedHashMap<>();
    byName.forEach(
        (name, variable) -> {
          Placeholder<TFloat32> value = tf.placeholder(TFloat32.class);
          values.put(name, value);
          assignments.put(name, tf.assign(variable, value));
        });
    return (session, contents) -> {
      Session.Runner runner = session.runner();
      contents.forEach(
          (name, content) -> {
            runner.feed(values.get(name), content);
            runner.addTarget(assignments.get(name));
          });
      runner.run().close();
    };
  }

  /** Sets variables to the given values, by name; the tensors stay the caller's. */
  @FunctionalInterface
  interface Loader {
    void load(Session session, Map<String, TFloat32> contents);
  }

  /** Adds the operation that saves every variable; to be built before the first run. */
  PathTarget saver() {
    Placeholder<TString> prefix = tf.placeholder(TString.class);
    Operand<TString> names = strings(byName.keySet().toArray(String[]::new));
    Op save =
        tf.train.save(prefix, names, wholeTensors(), List.<Operand<?>>copyOf(byName.values()));
    return target(prefix, save);
  }

  /** Adds the operation that sets every variable to what a file holds under its name. */
  PathTarget restorer() {
    Placeholder<TString> prefix = tf.placeholder(TString.class);
    Operand<TString> names = strings(byName.keySet().toArray(String[]::new));
    var restored =
        tf.train.restore(
            prefix,
            names,
            wholeTensors(),
            byName.values().stream().<Class<? extends TType>>map(_ -> TFloat32.class).toList());
    List<Op> assignments = new ArrayList<>();
    int i = 0;
    for (Variable<TFloat32> variable : byName.values()) {
      assignments.add(tf.assign(variable, restored.tensors().get(i++).expect(TFloat32.class)));
    }
    return target(prefix, tf.withControlDependencies(assignments).noOp());
  }

  /** An operation on the files with a path prefix. */
  @FunctionalInterface
  interface PathTarget {
    void run(Session session, Path prefix);
  }

  private static PathTarget target(Placeholder<TString> prefix, Op operation) {
    return (session, path) -> {
      try (TString value = TString.scalarOf(path.toString())) {
        session.runner().feed(prefix, value).addTarget(operation).run().close();
      }
    };
  }

  private Operand<TString> wholeTensors() {
    String[] slices = new String[byName.size()];
    Arrays.fill(slices, "");
    return strings(slices);
  }

  private Operand<TString> strings(String[] values) {
    return tf.constant(StandardCharsets.UTF_8, values);
  }

  /** Reads a variable in row-major order. */
  float[] read(Session session, String name) {
    try (var result = session.runner().fetch(byName.get(name)).run()) {
      return Floats.of(result.get(0));
    }
  }
}
