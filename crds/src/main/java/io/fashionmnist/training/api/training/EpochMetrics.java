package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** What one epoch brought. Losses are mean cross-entropies in nats, accuracies shares of 1. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EpochMetrics(
    @JsonPropertyDescription("Number of the epoch, from 1.") Integer epoch,
    @JsonPropertyDescription("Mean loss over the training images, with dropout and augmentation.")
        Double loss,
    @JsonPropertyDescription("Share of the training images classified rightly, likewise.")
        Double accuracy,
    @JsonPropertyDescription("Mean loss over the validation images.") Double validationLoss,
    @JsonPropertyDescription("Share of the validation images classified rightly.")
        Double validationAccuracy,
    @JsonPropertyDescription("Learning rate of the epoch's last step.") Double learningRate,
    @JsonPropertyDescription("Training images per second, validation not counted.")
        Double imagesPerSecond,
    @JsonPropertyDescription("Seconds the epoch took, validation counted.") Double seconds) {

  public EpochMetrics {
    loss = Metrics.round(loss);
    accuracy = Metrics.round(accuracy);
    validationLoss = Metrics.round(validationLoss);
    validationAccuracy = Metrics.round(validationAccuracy);
    learningRate = Metrics.finite(learningRate);
    imagesPerSecond = Metrics.round(imagesPerSecond);
    seconds = Metrics.round(seconds);
  }
}
