package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** When the state of the training is saved; how often has no influence on the result. */
public record CheckpointConfig(
    @JsonPropertyDescription(
            "Save after every so many epochs; 0 saves by the clock alone. Default: 1.")
        @Min(0)
        @Max(10_000)
        Integer everyEpochs,
    @JsonPropertyDescription(
            "Save also within an epoch when the last save is so many minutes old; 0 saves at the"
                + " end of epochs alone. Default: 5.")
        @Min(0)
        @Max(10_000)
        Double everyMinutes,
    @JsonPropertyDescription("How many checkpoints are kept; older ones are deleted. Default: 3.")
        @Min(1)
        @Max(100)
        Integer keep) {

  public CheckpointConfig {
    everyEpochs = everyEpochs == null ? 1 : everyEpochs;
    everyMinutes = everyMinutes == null ? 5.0 : everyMinutes;
    keep = keep == null ? 3 : keep;
  }

  public static CheckpointConfig defaults() {
    return new CheckpointConfig(null, null, null);
  }
}
