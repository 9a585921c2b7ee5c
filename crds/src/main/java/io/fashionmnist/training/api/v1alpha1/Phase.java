package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a job stands, in one word. */
public enum Phase {
  /** Accepted; no attempt is live, and the message says what it waits for. */
  @JsonProperty("Pending")
  PENDING("Pending"),
  /** An attempt is live and waits for capacity, a node, an image or a queue. */
  @JsonProperty("Queued")
  QUEUED("Queued"),
  /** The trainer runs. */
  @JsonProperty("Running")
  RUNNING("Running"),
  /** The trainer ended before its work was done and is being started again. */
  @JsonProperty("Restarting")
  RESTARTING("Restarting"),
  /** Suspended by the user; no attempt is live. */
  @JsonProperty("Suspended")
  SUSPENDED("Suspended"),
  /** Trained. */
  @JsonProperty("Succeeded")
  SUCCEEDED("Succeeded"),
  /** Given up; the condition Failed says why. */
  @JsonProperty("Failed")
  FAILED("Failed");

  private final String text;

  Phase(String text) {
    this.text = text;
  }

  /** As the resource spells it. */
  public String text() {
    return text;
  }

  /** Whether the job is over for good. */
  public boolean finished() {
    return this == SUCCEEDED || this == FAILED;
  }
}
