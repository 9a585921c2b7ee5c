package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** Metrics on the test images. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TestMetrics(
    @JsonPropertyDescription("Test images.") Integer images,
    @JsonPropertyDescription("Mean cross-entropy, in nats.") Double loss,
    @JsonPropertyDescription("Share classified rightly.") Double accuracy,
    @JsonPropertyDescription("Averages over the classes, each class counting the same.")
        Average macro,
    @JsonPropertyDescription("Averages over the classes, each counting by its images.")
        Average weighted) {

  public TestMetrics {
    loss = Metrics.round(loss);
    accuracy = Metrics.round(accuracy);
  }

  /** Averages over the classes; a class's undefined value counts as 0, as in scikit-learn. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Average(
      @JsonPropertyDescription("Mean precision.") Double precision,
      @JsonPropertyDescription("Mean recall.") Double recall,
      @JsonPropertyDescription("Mean F1 score.") Double f1Score) {

    public Average {
      precision = Metrics.round(precision);
      recall = Metrics.round(recall);
      f1Score = Metrics.round(f1Score);
    }
  }
}
