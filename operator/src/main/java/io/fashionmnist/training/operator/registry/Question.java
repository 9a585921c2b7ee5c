package io.fashionmnist.training.operator.registry;

import java.time.Instant;

/** What the services are asked, beside the passes; {@link Finding} is the answer. */
public sealed interface Question {
  /** What has the attempt's trainer written, of which the status has no test results? */
  record Report() implements Question {}

  /** Is there a version of this attempt? */
  record Find() implements Question {}

  /**
   * Take the model.
   *
   * @param intent when that was written down; the call ends 20 seconds after it
   */
  record Upload(boolean modelExists, Instant intent) implements Question {}

  /** What has become of the upload? */
  record Await(String operation) implements Question {}

  /** Give the version its aliases and its evaluation, as far as it has not got them. */
  record Publish(String model, String version) implements Question {}
}
