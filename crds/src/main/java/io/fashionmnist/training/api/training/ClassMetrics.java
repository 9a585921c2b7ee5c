package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** Metrics of one class on the test images; what is undefined is absent. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClassMetrics(
    @JsonPropertyDescription("The class's number, as in the label file.") Integer label,
    @JsonPropertyDescription("The class's name.") String name,
    @JsonPropertyDescription("Of the images predicted as this class, the share that is.")
        Double precision,
    @JsonPropertyDescription("Of this class's images, the share predicted as it.") Double recall,
    @JsonPropertyDescription("Harmonic mean of precision and recall.") Double f1Score,
    @JsonPropertyDescription("Test images of this class.") Integer support) {

  public ClassMetrics {
    precision = Metrics.round(precision);
    recall = Metrics.round(recall);
    f1Score = Metrics.round(f1Score);
  }
}
