package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an attempt runs on. */
public enum Backend {
  @JsonProperty("Vertex")
  VERTEX("Vertex"),
  @JsonProperty("Cluster")
  CLUSTER("Cluster");

  private final String text;

  Backend(String text) {
    this.text = text;
  }

  /** As the resource spells it. */
  public String text() {
    return text;
  }
}
