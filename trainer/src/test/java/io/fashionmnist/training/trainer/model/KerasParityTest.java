package io.fashionmnist.training.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fashionmnist.training.api.training.ModelConfig;
import io.fashionmnist.training.api.training.OptimizerConfig;
import io.fashionmnist.training.trainer.data.Batch;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The training graph against Keras 3, number by number: bench/golden/keras_golden.py wrote what
 * Keras computes from the same weights and images. With two towers, Keras normalised each half of
 * the batch by itself.
 */
class KerasParityTest {
  /** Of a tensor's largest value. */
  private static final double TOLERANCE = 1e-4;

  private static JsonNode golden;

  @BeforeAll
  static void readGolden() throws IOException {
    try (var in =
        new GZIPInputStream(
            KerasParityTest.class.getResourceAsStream("/golden/keras-cnn.json.gz"))) {
      golden = new ObjectMapper().readTree(in);
    }
  }

  @ParameterizedTest
  @CsvSource({"oneTower, 1", "twoTowers, 2"})
  void logitsLossAndGradientsAreThoseOfKeras(String variant, int towers) {
    JsonNode expected = golden.at("/variants/" + variant);
    try (TrainableNetwork network = network(towers)) {
      Batch batch = batch();

      assertClose(
          "inference logits",
          network.logits(batch.pixels(), batch.size()),
          floats(expected.get("inferenceLogits")));
      assertThat(network.tryOut(batch, 0).lossSum() / batch.size())
          .isCloseTo(expected.get("loss").asDouble(), within(TOLERANCE));
      Map<String, float[]> gradients = network.gradients(batch, 0);
      assertThat(gradients).hasSize(expected.get("gradients").size());
      byName(expected.get("gradients"))
          .forEach(
              (name, values) -> assertClose("gradient of " + name, gradients.get(name), values));
    }
  }

  @ParameterizedTest
  @CsvSource({"oneTower, 1, 1", "oneTower, 1, 5", "twoTowers, 2, 1", "twoTowers, 2, 5"})
  void weightsAndMovingStatisticsAfterStepsAreThoseOfKeras(String variant, int towers, int steps) {
    JsonNode expected = golden.at("/variants/%s/afterSteps/%d".formatted(variant, steps));
    try (TrainableNetwork network = network(towers)) {
      Batch batch = batch();
      for (int step = 0; step < steps; step++) {
        network.step(batch, step, 0.001);
      }

      byName(expected)
          .forEach(
              (name, values) -> assertClose(name + " after " + steps, network.read(name), values));
    }
  }

  private static TrainableNetwork network(int towers) {
    JsonNode config = golden.get("config");
    List<Integer> filters =
        StreamSupport.stream(config.get("filters").spliterator(), false)
            .map(JsonNode::asInt)
            .toList();
    NetworkSpec spec =
        new NetworkSpec(
            new ModelConfig(filters, config.get("denseUnits").asInt(), 0.0, 0.0), 28, 28, 10);
    TrainableNetwork network =
        new TrainableNetwork(spec, new OptimizerConfig(0.001, 1.0, 0.00001), towers, false, 0);
    network.load(byName(golden.get("variables")));
    return network;
  }

  private static Batch batch() {
    JsonNode pixels = golden.get("pixels");
    JsonNode labels = golden.get("labels");
    byte[] bytes = new byte[pixels.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pixels.get(i).asInt();
    }
    int[] classes = new int[labels.size()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = labels.get(i).asInt();
    }
    return new Batch(classes.length, bytes, classes);
  }

  private static Map<String, float[]> byName(JsonNode tensors) {
    Map<String, float[]> values = new LinkedHashMap<>();
    tensors.forEach(
        tensor -> values.put(tensor.get("name").asText(), floats(tensor.get("values"))));
    return values;
  }

  /** All numbers of a nest of arrays, in order. */
  private static float[] floats(JsonNode node) {
    List<JsonNode> numbers =
        StreamSupport.stream(node.spliterator(), false)
            .flatMap(
                child ->
                    child.isArray()
                        ? StreamSupport.stream(child.spliterator(), false)
                        : java.util.stream.Stream.of(child))
            .toList();
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) numbers.get(i).asDouble();
    }
    return values;
  }

  private static void assertClose(String what, float[] actual, float[] expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    assertThat(difference).as(what).isLessThanOrEqualTo(TOLERANCE * largest);
  }
}
