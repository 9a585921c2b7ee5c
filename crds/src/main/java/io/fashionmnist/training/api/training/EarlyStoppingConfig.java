package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** When to stop before the last epoch, by the validation loss. */
public record EarlyStoppingConfig(
    @JsonPropertyDescription(
            "Epochs without a better validation loss before training stops; 0 never stops early."
                + " Default: 10.")
        @Min(0)
        @Max(10_000)
        Integer patience,
    @JsonPropertyDescription(
            "Smallest fall of the validation loss that counts as better. Default: 0.")
        @Min(0)
        @Max(1_000)
        Double minDelta) {

  public EarlyStoppingConfig {
    patience = patience == null ? 10 : patience;
    minDelta = minDelta == null ? 0.0 : minDelta;
  }

  public static EarlyStoppingConfig defaults() {
    return new EarlyStoppingConfig(null, null);
  }
}
