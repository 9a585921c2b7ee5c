package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where an attempt stands. */
public enum AttemptState {
  /** Decided on, and waiting until the trainer runs. */
  @JsonProperty("Queued")
  QUEUED("Queued"),
  /** The trainer runs. */
  @JsonProperty("Running")
  RUNNING("Running"),
  /** The trainer ended early and is being started again on the same placement. */
  @JsonProperty("Restarting")
  RESTARTING("Restarting"),
  /** Being ended; the reason says why. */
  @JsonProperty("Stopping")
  STOPPING("Stopping"),
  @JsonProperty("Succeeded")
  SUCCEEDED("Succeeded"),
  @JsonProperty("Failed")
  FAILED("Failed"),
  /** Ended for the user's suspension; the next attempt continues from its checkpoint. */
  @JsonProperty("Suspended")
  SUSPENDED("Suspended"),
  /** Ended because the placement had no capacity; the next placement is tried. */
  @JsonProperty("OutOfCapacity")
  OUT_OF_CAPACITY("OutOfCapacity"),
  /** Not made: it was known before that the placement cannot take the job now. */
  @JsonProperty("Skipped")
  SKIPPED("Skipped");

  private final String text;

  AttemptState(String text) {
    this.text = text;
  }

  /** As the resource spells it. */
  public String text() {
    return text;
  }

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
