package io.fashionmnist.training.api.training;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * How to train: one record behind the resource's {@code spec.training}, the trainer's command line
 * and its {@code --config} file.
 *
 * <p>An instance is always complete: what is absent takes the default recipe's value. It may still
 * be out of range, because the API server hands over what is stored; {@link Constraints} tells.
 */
@ValidationRule(
    value =
        "(has(self.schedule) && has(self.schedule.type) && self.schedule.type == 'Constant') ||"
            + " (has(self.schedule) && has(self.schedule.minLearningRate) ?"
            + " self.schedule.minLearningRate : 0.000001) <= (has(self.optimizer) &&"
            + " has(self.optimizer.learningRate) ? self.optimizer.learningRate : 0.001)",
    message = "schedule.minLearningRate must be at most optimizer.learningRate (default: 0.001)")
public record TrainingConfig(
    @JsonPropertyDescription("Passes over the training images. Default: 30.") @Min(1) @Max(10_000)
        Integer epochs,
    @JsonPropertyDescription("Images per optimizer step. Default: 64.") @Min(1) @Max(65_536)
        Integer batchSize,
    @JsonPropertyDescription(
            "Share of the training images held out for validation, the same share of every class."
                + " Default: 0.1.")
        @Min(value = 0, inclusive = false)
        @Max(0.9)
        Double validationFraction,
    @JsonPropertyDescription(
            "Seed of the initial weights, the split, the order of the images, the augmentation and"
                + " the dropout. Default: 42.")
        @Min(0)
        @Max(9_007_199_254_740_991L)
        Long seed,
    @JsonPropertyDescription(
            "Number format of the activations. Auto takes BFloat16 where the CPU computes in it"
                + " (avx512_bf16 or amx_bf16), else Float32; weights are always Float32. Default:"
                + " Auto.")
        Precision precision,
    @JsonPropertyDescription("The network.") ModelConfig model,
    @JsonPropertyDescription("Adam with decoupled weight decay.") OptimizerConfig optimizer,
    @JsonPropertyDescription("How the learning rate changes during training.")
        ScheduleConfig schedule,
    @JsonPropertyDescription(
            "When to stop before the last epoch. The best epoch's weights are kept in any case.")
        EarlyStoppingConfig earlyStopping,
    @JsonPropertyDescription(
            "Random changes to every training image, drawn anew each epoch; an amount of 0 switches"
                + " that change off.")
        AugmentationConfig augmentation,
    @JsonPropertyDescription("When the state of the training is saved.")
        CheckpointConfig checkpoints) {

  public TrainingConfig {
    epochs = epochs == null ? 30 : epochs;
    batchSize = batchSize == null ? 64 : batchSize;
    validationFraction = validationFraction == null ? 0.1 : validationFraction;
    seed = seed == null ? 42L : seed;
    precision = precision == null ? Precision.AUTO : precision;
    model = model == null ? ModelConfig.defaults() : model;
    optimizer = optimizer == null ? OptimizerConfig.defaults() : optimizer;
    schedule = schedule == null ? ScheduleConfig.defaults() : schedule;
    earlyStopping = earlyStopping == null ? EarlyStoppingConfig.defaults() : earlyStopping;
    augmentation = augmentation == null ? AugmentationConfig.defaults() : augmentation;
    checkpoints = checkpoints == null ? CheckpointConfig.defaults() : checkpoints;
  }

  /** The default recipe. */
  public static TrainingConfig defaults() {
    return new TrainingConfig(null, null, null, null, null, null, null, null, null, null, null);
  }
}
