package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which pods go when a job ends. */
public enum CleanPodPolicy {
  @JsonProperty("None")
  NONE,
  @JsonProperty("Running")
  RUNNING,
  @JsonProperty("All")
  ALL
}
