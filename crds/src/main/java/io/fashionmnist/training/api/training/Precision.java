package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Number format of the activations; weights and optimizer state are always 32-bit floats. */
public enum Precision {
  /** {@link #BFLOAT16} where the CPU computes in it, else {@link #FLOAT32}. */
  @JsonProperty("Auto")
  AUTO,
  @JsonProperty("Float32")
  FLOAT32,
  /** Refused by the trainer on a CPU without avx512_bf16 or amx_bf16. */
  @JsonProperty("BFloat16")
  BFLOAT16
}
