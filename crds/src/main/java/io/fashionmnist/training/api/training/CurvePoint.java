package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.stream.IntStream;

/** One epoch on the learning curve. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CurvePoint(
    @JsonPropertyDescription("Number of the epoch, from 1.") Integer epoch,
    @JsonPropertyDescription("Mean loss over the training images.") Double loss,
    @JsonPropertyDescription("Share of the training images classified rightly.") Double accuracy,
    @JsonPropertyDescription("Mean loss over the validation images.") Double validationLoss,
    @JsonPropertyDescription("Share of the validation images classified rightly.")
        Double validationAccuracy) {

  /** A curve has so many points at most: a resource must stay small. */
  public static final int MOST = 50;

  public CurvePoint {
    loss = Metrics.round(loss);
    accuracy = Metrics.round(accuracy);
    validationLoss = Metrics.round(validationLoss);
    validationAccuracy = Metrics.round(validationAccuracy);
  }

  /** The points that are told of a run; of many epochs some, at even distances. */
  static List<CurvePoint> curve(List<EpochMetrics> history) {
    int points = Math.min(MOST, history.size());
    return IntStream.range(0, points)
        .map(
            point ->
                points == 1
                    ? history.size() - 1
                    : (int) ((long) point * (history.size() - 1) / (points - 1)))
        .mapToObj(history::get)
        .map(CurvePoint::of)
        .toList();
  }

  private static CurvePoint of(EpochMetrics epoch) {
    return new CurvePoint(
        epoch.epoch(),
        epoch.loss(),
        epoch.accuracy(),
        epoch.validationLoss(),
        epoch.validationAccuracy());
  }
}
