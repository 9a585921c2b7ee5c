package io.fashionmnist.training.trainer.model;

import org.bytedeco.javacpp.Loader;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;

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
