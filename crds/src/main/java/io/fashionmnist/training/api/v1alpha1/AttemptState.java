package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where an attempt stands. */
public enum AttemptState {
  /** Decided on, and waiting until the trainer runs. */
  @JsonProperty("Queued")
  QUEUED,
  /** The trainer runs. */
  @JsonProperty("Running")
  RUNNING,
  /** The trainer ended early and is being started again on the same placement. */
  @JsonProperty("Restarting")
  RESTARTING,
  /** Being ended; the reason says why. */
  @JsonProperty("Stopping")
  STOPPING,
  @JsonProperty("Succeeded")
  SUCCEEDED,
  @JsonProperty("Failed")
  FAILED,
  /** Ended for the user's suspension; the next attempt continues from its checkpoint. */
  @JsonProperty("Suspended")
  SUSPENDED,
  /** Ended because the placement had no capacity; the next placement is tried. */
  @JsonProperty("OutOfCapacity")
  OUT_OF_CAPACITY,
  /** Not made: it was known before that the placement cannot take the job now. */
  @JsonProperty("Skipped")
  SKIPPED;

  /** Whether the attempt ended, or was not made, because another placement may have room. */
  public boolean lacksCapacity() {
    return this == OUT_OF_CAPACITY || this == SKIPPED;
  }

  /** Whether the attempt may still run or come to run. */
  public boolean live() {
    return switch (this) {
      case QUEUED, RUNNING, RESTARTING, STOPPING -> true;
      case SUCCEEDED, FAILED, SUSPENDED, OUT_OF_CAPACITY, SKIPPED -> false;
    };
  }
}
