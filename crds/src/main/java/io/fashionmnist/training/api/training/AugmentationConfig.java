package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * Random affine change of a training image about its centre; pixels from outside the image repeat
 * its edge. Each amount is drawn evenly from minus to plus the value given.
 */
public record AugmentationConfig(
    @JsonPropertyDescription("Largest rotation either way, in degrees. Default: 15.")
        @Min(0)
        @Max(180)
        Double rotationDegrees,
    @JsonPropertyDescription(
            "Largest shift either way, as a share of the image's width. Default: 0.15.")
        @Min(0)
        @Max(value = 1, inclusive = false)
        Double widthShift,
    @JsonPropertyDescription(
            "Largest shift either way, as a share of the image's height. Default: 0.15.")
        @Min(0)
        @Max(value = 1, inclusive = false)
        Double heightShift,
    @JsonPropertyDescription(
            "Largest shear either way, in radians (as a factor for small ones). Default: 0.15.")
        @Min(0)
        @Max(value = 1, inclusive = false)
        Double shear,
    @JsonPropertyDescription(
            "Largest zoom either way, as a share; height and width are drawn apart. Default: 0.15.")
        @Min(0)
        @Max(value = 1, inclusive = false)
        Double zoom,
    @JsonPropertyDescription("Mirror every other image, at random, left to right. Default: true.")
        Boolean horizontalFlip) {

  public AugmentationConfig {
    rotationDegrees = rotationDegrees == null ? 15.0 : rotationDegrees;
    widthShift = widthShift == null ? 0.15 : widthShift;
    heightShift = heightShift == null ? 0.15 : heightShift;
    shear = shear == null ? 0.15 : shear;
    zoom = zoom == null ? 0.15 : zoom;
    horizontalFlip = horizontalFlip == null ? Boolean.TRUE : horizontalFlip;
  }

  public static AugmentationConfig defaults() {
    return new AugmentationConfig(null, null, null, null, null, null);
  }
}
