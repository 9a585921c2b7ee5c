package io.fashionmnist.training.operator.backend;

import java.util.Optional;

/**
 * What is seen of an attempt.
 *
 * @param externalName its name, if it is told by what was seen
 */
public record Sight(AttemptObservation attempt, Optional<String> externalName) {
  /** Without a name. */
  public static Sight of(AttemptObservation attempt) {
    return new Sight(attempt, Optional.empty());
  }
}
