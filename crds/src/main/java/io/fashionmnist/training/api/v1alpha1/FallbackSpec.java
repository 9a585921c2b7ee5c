package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/** What to do when every placement is out of capacity: wait, and go round again. */
public record FallbackSpec(
    @JsonPropertyDescription(
            "How many times the list of placements is gone through before the job fails. Default:"
                + " 10.")
        @Min(1)
        @Max(1_000)
        Integer maxRounds,
    @JsonPropertyDescription(
            "Pause before the next round, doubled from round to round up to an hour, such as 30s or"
                + " 5m. Default: 1m.")
        @Size(min = 2, max = 32)
        @ValidationRule(
            value =
                "self.matches('^([0-9]{1,5}h)?([0-9]{1,5}m)?([0-9]{1,6}s)?$') && duration(self) >"
                    + " duration('0s')",
            message = "roundBackoff must be a duration such as 30s, 5m or 1h")
        String roundBackoff) {

  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  public FallbackSpec {
    maxRounds = maxRounds == null ? 10 : maxRounds;
    roundBackoff = roundBackoff == null ? "1m" : roundBackoff;
  }

  public static FallbackSpec defaults() {
    return new FallbackSpec(null, null);
  }

  /**
   * How long to pause after a round in which no placement had capacity.
   *
   * @param round the round that has just ended, from 1
   */
  public Duration pauseAfter(int round) {
    Duration first = Durations.parse(roundBackoff);
    Duration pause = first.multipliedBy(1L << Math.min(round - 1, 20));
    return first.compareTo(LONGEST_PAUSE) >= 0
        ? first
        : pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
