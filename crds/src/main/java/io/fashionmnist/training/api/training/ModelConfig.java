package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** The network: convolution blocks that each halve the image, one dense layer, softmax. */
public record ModelConfig(
    @JsonPropertyDescription(
            "Filters of each convolution block (3x3, ReLU, batch normalisation, 2x2 max-pooling,"
                + " dropout). Default: [32, 64, 128].")
        @Size(min = 1, max = 8)
        List<@Min(1) @Max(4_096) Integer> filters,
    @JsonPropertyDescription("Units of the dense layer before the softmax. Default: 512.")
        @Min(1)
        @Max(65_536)
        Integer denseUnits,
    @JsonPropertyDescription(
            "Share of the activations dropped after each convolution block. Default: 0.25.")
        @Min(0)
        @Max(value = 1, inclusive = false)
        Double convDropout,
    @JsonPropertyDescription(
            "Share of the activations dropped after the dense layer. Default: 0.5.")
        @Min(0)
        @Max(value = 1, inclusive = false)
        Double denseDropout) {

  public ModelConfig {
    filters = filters == null ? List.of(32, 64, 128) : List.copyOf(filters);
    denseUnits = denseUnits == null ? 512 : denseUnits;
    convDropout = convDropout == null ? 0.25 : convDropout;
    denseDropout = denseDropout == null ? 0.5 : denseDropout;
  }

  public static ModelConfig defaults() {
    return new ModelConfig(null, null, null, null);
  }
}
