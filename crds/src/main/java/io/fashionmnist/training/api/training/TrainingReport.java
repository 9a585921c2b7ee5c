package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * What a training run tells about itself: the record in {@code report.json}, in the progress POST,
 * and in the resource's {@code status.training}.
 *
 * <p>What is not known yet, or not defined (the precision of a class that was never predicted), is
 * absent. Metrics are rounded to six decimals ({@link Metrics#round}).
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingReport(
    @JsonPropertyDescription("The attempt that reports, as the operator counts them.")
        Integer attempt,
    @JsonPropertyDescription("Epochs finished.") Integer epoch,
    @JsonPropertyDescription("Epochs planned.") Integer epochs,
    @JsonPropertyDescription("Share of the planned steps that is done, in percent.")
        Integer progressPercentage,
    @JsonPropertyDescription("Estimated seconds until training ends.")
        Long estimatedRemainingSeconds,
    @JsonPropertyDescription("Metrics of the epochs.") EpochSummary metrics,
    @JsonPropertyDescription("Metrics on the test images, of the best epoch's weights.")
        TestMetrics test,
    @JsonPropertyDescription(
            "Metrics on the test images by class; above 32 classes, the ten with the lowest F1.")
        List<ClassMetrics> perClass,
    @JsonPropertyDescription(
            "Test images by true class (row) and predicted class (column); absent above 32"
                + " classes.")
        List<List<Integer>> confusionMatrix,
    @JsonPropertyDescription("When this was written, RFC 3339.") String lastUpdatedTime) {

  public TrainingReport {
    perClass = perClass == null ? null : List.copyOf(perClass);
    confusionMatrix =
        confusionMatrix == null ? null : confusionMatrix.stream().map(List::copyOf).toList();
  }

  /** Metrics of the last and of the best epoch, and the way there. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record EpochSummary(
      @JsonPropertyDescription("The last finished epoch.") EpochMetrics last,
      @JsonPropertyDescription("The epoch with the lowest validation loss.") EpochMetrics best,
      @JsonPropertyDescription(
              "The curve: finished epochs, the first and the last among them; of more than 50, 50"
                  + " at most at even distances.")
          List<CurvePoint> curve) {

    public EpochSummary {
      curve = curve == null ? null : List.copyOf(curve);
    }

    /**
     * @param history all finished epochs, in their order
     */
    public static EpochSummary of(List<EpochMetrics> history, EpochMetrics best) {
      return new EpochSummary(history.getLast(), best, CurvePoint.curve(history));
    }
  }
}
