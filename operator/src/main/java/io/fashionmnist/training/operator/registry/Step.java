package io.fashionmnist.training.operator.registry;

import io.fashionmnist.training.api.training.TrainingReport;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ModelStatus;
import java.time.Duration;

/** What a pass does about a model's registration. */
public sealed interface Step {
  /** Nothing before then, or before an answer. */
  record Wait(Duration lookAgain) implements Step {}

  /** Have the service asked. */
  record Ask(Question question) implements Step {}

  /** Write the report that was found into the status. */
  record Report(TrainingReport report) implements Step {}

  /** Write down that the model is uploaded now, then have it uploaded. */
  record Upload(boolean modelExists, ModelStatus model) implements Step {}

  /** Write down what is known. */
  record Tell(Answer answer, String reason, String message, ModelStatus model) implements Step {}

  /** Status of the condition {@code ModelRegistered}. */
  enum Answer {
    YES("True"),
    NO("False"),
    NOT_YET("Unknown");

    private final String text;

    Answer(String text) {
      this.text = text;
    }

    /** As the condition spells it. */
    public String text() {
      return text;
    }
  }
}
