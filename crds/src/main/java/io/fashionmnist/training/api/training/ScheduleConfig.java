package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** Learning-rate schedule; the members that a type does not name are without effect for it. */
public record ScheduleConfig(
    @JsonPropertyDescription(
            "ReduceOnPlateau multiplies the rate by `factor` after `patience` epochs without a"
                + " better validation loss; OneCycle rises to the learning rate and falls along a"
                + " cosine; Cosine only falls; Constant stays. Default: ReduceOnPlateau.")
        ScheduleType type,
    @JsonPropertyDescription("ReduceOnPlateau: what the rate is multiplied by. Default: 0.5.")
        @Min(value = 0, inclusive = false)
        @Max(value = 1, inclusive = false)
        Double factor,
    @JsonPropertyDescription(
            "ReduceOnPlateau: epochs without improvement before the rate falls. Default: 3.")
        @Min(1)
        @Max(10_000)
        Integer patience,
    @JsonPropertyDescription(
            "ReduceOnPlateau: smallest fall of the validation loss that counts as improvement."
                + " Default: 0.0001.")
        @Min(0)
        @Max(1_000)
        Double minDelta,
    @JsonPropertyDescription(
            "What the rate falls to at the lowest; without effect for Constant. Default: 0.000001.")
        @Min(0)
        @Max(10)
        Double minLearningRate,
    @JsonPropertyDescription(
            "OneCycle: share of all steps in which the rate rises, from a 25th of the highest."
                + " Default: 0.3.")
        @Min(0)
        @Max(value = 1, inclusive = false)
        Double warmupFraction) {

  public ScheduleConfig {
    type = type == null ? ScheduleType.REDUCE_ON_PLATEAU : type;
    factor = factor == null ? 0.5 : factor;
    patience = patience == null ? 3 : patience;
    minDelta = minDelta == null ? 0.0001 : minDelta;
    minLearningRate = minLearningRate == null ? 0.000001 : minLearningRate;
    warmupFraction = warmupFraction == null ? 0.3 : warmupFraction;
  }

  public static ScheduleConfig defaults() {
    return new ScheduleConfig(null, null, null, null, null, null);
  }
}
