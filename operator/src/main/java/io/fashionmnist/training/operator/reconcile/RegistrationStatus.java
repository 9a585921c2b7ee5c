package io.fashionmnist.training.operator.reconcile;

import io.fashionmnist.training.api.v1alpha1.Condition;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ModelStatus;
import io.fashionmnist.training.operator.registry.Step;
import java.time.Instant;

/** The status of a job whose model is being registered: it is over, and nothing else changes. */
final class RegistrationStatus {
  private RegistrationStatus() {}

  static FashionTrainingJobStatus after(Observation observation, Step step, Instant now) {
    FashionTrainingJobStatus before = observation.status();
    return switch (step) {
      case Step.Wait _, Step.Ask _, Step.Report _ -> before;
      case Step.Tell(Step.Answer answer, String reason, String message, ModelStatus model) ->
          before.with(condition(observation, answer, reason, message, now), model);
      case Step.Upload(_, ModelStatus model) ->
          before.with(
              condition(
                  observation,
                  Step.Answer.NOT_YET,
                  "Uploading",
                  "the model is being uploaded from " + model.uri(),
                  now),
              model.uploadedAt(StatusFactory.time(now)));
    };
  }

  private static Condition condition(
      Observation observation, Step.Answer answer, String reason, String message, Instant now) {
    String since =
        observation
            .status()
            .condition(FashionTrainingJob.MODEL_REGISTERED)
            .filter(old -> old.status().equals(answer.text()))
            .map(Condition::lastTransitionTime)
            .orElseGet(() -> StatusFactory.time(now));
    return new Condition(
        FashionTrainingJob.MODEL_REGISTERED,
        answer.text(),
        observation.job().getMetadata().getGeneration(),
        since,
        reason,
        message);
  }
}
