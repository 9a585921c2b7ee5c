package io.fashionmnist.training.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fashionmnist.training.api.training.TrainingConfig;
import java.util.List;

/** What the user wants trained, on what, and where. */
@ValidationRule(
    value =
        "!has(self.data) || !self.data.uri.startsWith('pvc://') || !has(self.placements) ||"
            + " self.placements.all(p, !has(p.vertex))",
    message =
        "spec.data.uri: Vertex AI cannot read a pvc:// volume: use gs:// or https:// data, or only"
            + " cluster placements")
@ValidationRule(
    value =
        "!has(self.output) || !self.output.uri.startsWith('pvc://') || !has(self.placements) ||"
            + " self.placements.all(p, !has(p.vertex) || has(p.vertex.outputUri))",
    message =
        "spec.output.uri: Vertex AI cannot write to a pvc:// volume: use a gs:// output, or set"
            + " vertex.outputUri in each Vertex placement")
@ValidationRule(
    value =
        "!has(self.placements) || self.placements.all(p, !has(p.vertex) ||"
            + " !has(p.vertex.acceleratorType)) || (has(self.trainer) && has(self.trainer.image))",
    message =
        "spec.placements: an acceleratorType needs a trainer.image that can use it; the operator's"
            + " own trainer is for CPUs")
@ValidationRule(
    value =
        "!has(self.trainer) || !has(self.trainer.env) || self.trainer.env.all(e,"
            + " !has(e.valueFrom)) || !has(self.placements) || self.placements.all(p,"
            + " !has(p.vertex))",
    message =
        "spec.trainer.env: valueFrom works in the cluster alone: give a value, or use only cluster"
            + " placements")
@ValidationRule(
    value =
        "!has(self.registry) || !has(self.output) || !self.output.uri.startsWith('pvc://') ||"
            + " !has(self.placements) || self.placements.exists(p, has(p.vertex) &&"
            + " has(p.vertex.outputUri))",
    message =
        "spec.registry: the Model Registry takes models from Cloud Storage alone: use a gs:// output, or"
            + " leave registry out")
public record FashionTrainingJobSpec(
    @JsonPropertyDescription("How the job as a whole runs: suspension, deadline, retries, cleanup.")
        RunPolicy runPolicy,
    @JsonPropertyDescription(
            "How to train. What is absent takes the default recipe's value. A trainer of your own"
                + " gets it as SPEC_TRAINING, JSON, in its environment.")
        TrainingConfig training,
    @JsonPropertyDescription("The program that trains. Default: the operator's own trainer.")
        TrainerSpec trainer,
    @JsonPropertyDescription("What to train on. Default: the Fashion-MNIST files in the image.")
        DataSpec data,
    @JsonPropertyDescription(
            "Where the results go. Default: the operator's configured output, if it has one.")
        OutputSpec output,
    @JsonPropertyDescription(
            "Where to run, in order of preference; the next one is tried when one has no capacity."
                + " Default: the operator's configured placements.")
        @Size(min = 1, max = 16)
        List<Placement> placements,
    @JsonPropertyDescription("What to do when every placement is out of capacity.")
        FallbackSpec fallback,
    @JsonPropertyDescription(
            "Vertex AI Experiments: parameters and metrics of every attempt, on either backend.")
        TrackingSpec tracking,
    @JsonPropertyDescription("Upload of the model to the Vertex AI Model Registry after success.")
        RegistrySpec registry) {

  public FashionTrainingJobSpec {
    runPolicy = runPolicy == null ? RunPolicy.defaults() : runPolicy;
    trainer = trainer == null ? TrainerSpec.defaults() : trainer;
    placements = placements == null ? List.of() : List.copyOf(placements);
    fallback = fallback == null ? FallbackSpec.defaults() : fallback;
    training = training == null ? TrainingConfig.defaults() : training;
  }
}
