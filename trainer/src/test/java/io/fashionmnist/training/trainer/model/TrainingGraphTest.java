package io.fashionmnist.training.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.fashionmnist.training.api.training.ModelConfig;
import io.fashionmnist.training.api.training.OptimizerConfig;
import io.fashionmnist.training.trainer.data.Batch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** What the graph of a step looks like, as built and as TensorFlow runs it. */
class TrainingGraphTest {
  private static final int SIDE = 16;
  private static final int TOWERS = 2;
  private static final NetworkSpec SPEC =
      new NetworkSpec(new ModelConfig(List.of(4, 6), 8, 0.25, 0.5), SIDE, SIDE, 4);

  @Test
  void aConvolutionItsBiasAndItsReluAreOneOperation() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = Variables.of(tf, SPEC.weights());
      TrainingGraph<TFloat32> training = training(graph, tf, variables, TFloat32.class);
      Variables.Loader loader = variables.loader();
      try (Session session = new Session(graph, TensorFlowRuntime.configuration(TOWERS));
          Feeds feeds = new Feeds(session.runner())) {
        initialize(loader, session);
        training.feed(feeds, new Batch(8, new byte[8 * SIDE * SIDE], new int[8]), 0);
        training.feedRates(feeds, 0, 0.001);
        RunOptions options = RunOptions.newBuilder().setOutputPartitionGraphs(true).build();

        try (var result =
            feeds.runner().addTarget(training.update()).setOptions(options).runAndFetchMetadata()) {
          List<List<String>> convolutions =
              result.getMetadata().orElseThrow().getPartitionGraphsList().stream()
                  .flatMap(part -> part.getNodeList().stream())
                  .filter(node -> node.getOp().endsWith("FusedConv2D"))
                  .map(TrainingGraphTest::fused)
                  .toList();
          assertThat(convolutions)
              .hasSize(SPEC.model().filters().size() * TOWERS)
              .containsOnly(List.of("BiasAdd", "Relu"));
        }
      }
    }
  }

  private static void initialize(Variables.Loader loader, Session session) {
    Map<String, TFloat32> initial = new HashMap<>(InitialWeights.draw(SPEC.weights(), 1));
    try {
      SPEC.weights().stream()
          .filter(NetworkSpec.Weight::trainable)
          .forEach(
              weight ->
                  Adam.SLOTS.forEach(
                      slot -> initial.put(weight.name() + slot, InitialWeights.zeros(weight))));
      loader.load(session, initial);
    } finally {
      initial.values().forEach(Tensor::close);
    }
  }

  private static List<String> fused(NodeDef node) {
    return node.getAttrMap().get("fused_ops").getList().getSList().stream()
        .map(ByteString::toStringUtf8)
        .toList();
  }

  @Test
  void inBfloat16OnlyTheLastKernelsUpdateWaitsForAllGradients() {
    assertThatWaitForAll(TBfloat16.class, "logits.kernel"::equals);
  }

  @Test
  void inFloat32EveryKernelsUpdateWaitsForAllGradients() {
    assertThatWaitForAll(TFloat32.class, weight -> weight.endsWith(".kernel"));
  }

  private static <T extends TFloating> void assertThatWaitForAll(
      Class<T> type, Predicate<String> waits) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      training(graph, tf, Variables.of(tf, SPEC.weights()), type);
      List<NetworkSpec.Weight> trained =
          SPEC.weights().stream().filter(NetworkSpec.Weight::trainable).toList();
      Map<String, Long> gradientsWaitedFor = gradientsWaitedFor(graph.toGraphDef());

      assertThat(gradientsWaitedFor).hasSize(trained.size());
      gradientsWaitedFor.forEach(
          (weight, count) ->
              assertThat(count).as(weight).isEqualTo(waits.test(weight) ? trained.size() : 1));
    }
  }

  /** By weight, what its update depends on without using it. */
  private static Map<String, Long> gradientsWaitedFor(GraphDef graph) {
    Map<String, Long> counts = new HashMap<>();
    graph.getNodeList().stream()
        .filter(node -> node.getOp().equals("ApplyAdam"))
        .forEach(
            node ->
                counts.put(
                    node.getInput(0),
                    node.getInputList().stream().filter(input -> input.startsWith("^")).count()));
    return counts;
  }

  private static <T extends TFloating> TrainingGraph<T> training(
      Graph graph, Ops tf, Variables variables, Class<T> type) {
    return new TrainingGraph<>(
        graph,
        tf,
        SPEC,
        new ForwardPass<>(tf, SPEC, variables, type),
        variables,
        OptimizerConfig.defaults(),
        TOWERS,
        1);
  }
}
