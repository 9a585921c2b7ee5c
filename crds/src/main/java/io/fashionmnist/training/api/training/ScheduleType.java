package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The learning-rate schedules; {@link ScheduleConfig} says what each does. */
public enum ScheduleType {
  @JsonProperty("ReduceOnPlateau")
  REDUCE_ON_PLATEAU,
  @JsonProperty("OneCycle")
  ONE_CYCLE,
  @JsonProperty("Cosine")
  COSINE,
  @JsonProperty("Constant")
  CONSTANT
}
