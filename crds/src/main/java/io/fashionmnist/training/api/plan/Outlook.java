package io.fashionmnist.training.api.plan;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether an attempt would be made on a placement now. */
public enum Outlook {
  /** As far as is known there is room. */
  @JsonProperty("Open")
  OPEN("Open"),
  /** Another job is finding out; the answer is there in seconds. */
  @JsonProperty("Undecided")
  UNDECIDED("Undecided"),
  /** It is known that there is no room now, or that the job can't work there. */
  @JsonProperty("Shut")
  SHUT("Shut"),
  /** The namespace, or what the job needs, rules the placement out whatever its room. */
  @JsonProperty("NotAllowed")
  NOT_ALLOWED("NotAllowed");

  private final String text;

  Outlook(String text) {
    this.text = text;
  }

  /** As the API spells it. */
  public String text() {
    return text;
  }
}
