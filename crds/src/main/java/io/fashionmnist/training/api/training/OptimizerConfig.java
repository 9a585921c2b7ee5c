package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** Adam (beta 0.9 and 0.999, epsilon 1e-7, as Keras) with decoupled weight decay. */
public record OptimizerConfig(
    @JsonPropertyDescription(
            "Learning rate at the start; for OneCycle and Cosine, the highest. Default: 0.001.")
        @Min(value = 0, inclusive = false)
        @Max(10)
        Double learningRate,
    @JsonPropertyDescription(
            "Longest Euclidean norm of one variable's gradient; longer ones are scaled down. 0"
                + " switches clipping off. Default: 1.")
        @Min(0)
        @Max(1_000_000)
        Double clipNorm,
    @JsonPropertyDescription(
            "Share of a weight taken off per step, times the learning rate. Default: 0.00001.")
        @Min(0)
        @Max(value = 1, inclusive = false)
        Double weightDecay) {

  public OptimizerConfig {
    learningRate = learningRate == null ? 0.001 : learningRate;
    clipNorm = clipNorm == null ? 1.0 : clipNorm;
    weightDecay = weightDecay == null ? 0.00001 : weightDecay;
  }

  public static OptimizerConfig defaults() {
    return new OptimizerConfig(null, null, null);
  }
}
