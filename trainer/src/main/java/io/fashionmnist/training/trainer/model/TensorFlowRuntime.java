package io.fashionmnist.training.trainer.model;

import org.bytedeco.javacpp.Loader;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.proto.RewriterConfig.MemOptType;
import org.tensorflow.proto.RewriterConfig.NumIterationsType;
import org.tensorflow.proto.RewriterConfig.Toggle;

/** TensorFlow's native libraries. */
@SuppressWarnings("restricted") // Native access is what TensorFlow is for.
public final class TensorFlowRuntime {
  /** What binds TensorFlow to Java; it brings TensorFlow itself with it. */
  private static final String LIBRARY = "jnitensorflow";

  private TensorFlowRuntime() {}

  /**
   * Loads the libraries and runs a first graph, which takes half a second: to be called early, on
   * another thread than the one that reads the data.
   *
   * @param threads operations that run side by side, each on one thread. The first session of a
   *     process decides this for all: TensorFlow's thread pools are the process's.
   */
  public static void load(int threads) {
    version();
    // The first graph makes TensorFlow write two notes that TF_CPP_MIN_LOG_LEVEL does not reach.
    try (MutedStandardError _ = new MutedStandardError();
        Graph graph = new Graph();
        Session session = new Session(graph, configuration(threads))) {
      session.runner().fetch(Ops.create(graph).constant(0)).run().close();
    }
  }

  /** So many operations side by side, each on one thread. */
  static ConfigProto configuration(int threads) {
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(1)
        .setInterOpParallelismThreads(threads)
        .setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(rewriting()))
        .build();
  }

  /**
   * How TensorFlow rewrites a graph before its first run. What is switched off here changes nothing
   * in ours and took most of the time of it, which the first step waits for: a second pass, and the
   * optimizers for other devices, loops, functions and scarce memory. The others stay, for the
   * graph that they leave has 781 operations instead of 1261.
   */
  private static RewriterConfig rewriting() {
    return RewriterConfig.newBuilder()
        .setMetaOptimizerIterations(NumIterationsType.ONE)
        .setDisableTfgOptimizer(true)
        .setImplementationSelector(Toggle.OFF)
        .setFunctionOptimization(Toggle.OFF)
        .setShapeOptimization(Toggle.OFF)
        .setLayoutOptimizer(Toggle.OFF)
        .setLoopOptimization(Toggle.OFF)
        .setMemoryOptimization(MemOptType.NO_MEM_OPT)
        .build();
  }

  /** Version of TensorFlow; loads the libraries, unless they are. */
  public static String version() {
    // JavaCPP looks for every library, under every name that it might have, in every jar on the
    // class path: a third of a second. Where it is told to leave that alone, they are beside us.
    if (!Loader.isLoadLibraries()) {
      System.loadLibrary(LIBRARY);
    }
    return TensorFlow.version();
  }
}
