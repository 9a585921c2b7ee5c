package io.fashionmnist.training.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A training of an image classifier: tried on its placements in order, Vertex AI or the cluster,
 * until one has room for it.
 */
@Group(FashionTrainingJob.GROUP)
@Version("v1alpha1")
@Singular("fashiontrainingjob")
@Plural("fashiontrainingjobs")
@ShortNames("ftj")
@Categories({"all", "training"})
@AdditionalPrinterColumn(
    name = "PHASE",
    jsonPath = ".status.phase",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "BACKEND",
    jsonPath = ".status.backend",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "PLACEMENT",
    jsonPath = ".status.placement",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "PROGRESS",
    jsonPath = ".status.training.progressPercentage",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "ACCURACY",
    jsonPath = ".status.training.test.accuracy",
    type = AdditionalPrinterColumn.Type.NUMBER)
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value =
        FashionTrainingJob.STARTED
            + "has(self.spec.training) == has(oldSelf.spec.training) && (!has(self.spec.training)"
            + " || self.spec.training == oldSelf.spec.training))",
    message =
        "spec.training cannot change once the job has started: create a job with another name")
@ValidationRule(
    value =
        FashionTrainingJob.STARTED
            + "has(self.spec.data) == has(oldSelf.spec.data) && (!has(self.spec.data) ||"
            + " self.spec.data == oldSelf.spec.data))",
    message = "spec.data cannot change once the job has started: create a job with another name")
@ValidationRule(
    value =
        FashionTrainingJob.STARTED
            + "has(self.spec.output) == has(oldSelf.spec.output) && (!has(self.spec.output) ||"
            + " self.spec.output == oldSelf.spec.output))",
    message = "spec.output cannot change once the job has started: create a job with another name")
@ValidationRule(
    value =
        FashionTrainingJob.RUNNING
            + "has(self.spec.placements) == has(oldSelf.spec.placements) &&"
            + " (!has(self.spec.placements) || (self.spec.placements == oldSelf.spec.placements &&"
            // Lists with a key are equal in any order, and here the order counts.
            + " self.spec.placements.map(p, p.name) == oldSelf.spec.placements.map(p, p.name))))",
    message =
        "spec.placements cannot change while an attempt is active: suspend the job first, or wait"
            + " until the attempt has ended")
@ValidationRule(
    value =
        FashionTrainingJob.RUNNING
            + "has(self.spec.trainer) == has(oldSelf.spec.trainer) && (!has(self.spec.trainer) ||"
            + " self.spec.trainer == oldSelf.spec.trainer))",
    message =
        "spec.trainer cannot change while an attempt is active: suspend the job first, or wait"
            + " until the attempt has ended")
@ValidationRule(
    value =
        "(has(self.spec.runPolicy) && has(self.spec.runPolicy.managedBy)) =="
            + " (has(oldSelf.spec.runPolicy) && has(oldSelf.spec.runPolicy.managedBy)) &&"
            + " (!(has(self.spec.runPolicy) && has(self.spec.runPolicy.managedBy)) ||"
            + " self.spec.runPolicy.managedBy == oldSelf.spec.runPolicy.managedBy)",
    message = "spec.runPolicy.managedBy cannot change: create a job with another name")
@ValidationRule(
    value = "size(self.metadata.name) <= 63",
    message = "metadata.name must have at most 63 characters: it becomes a label's value")
public class FashionTrainingJob
    extends CustomResource<FashionTrainingJobSpec, FashionTrainingJobStatus> implements Namespaced {
  public static final String GROUP = "training.fashion-mnist.io";

  /** The condition that tells what became of {@code spec.registry}. */
  public static final String MODEL_REGISTERED = "ModelRegistered";

  /** True for a job that no attempt was made for yet; what follows must hold for the others. */
  static final String STARTED =
      "!has(oldSelf.status) || !has(oldSelf.status.attemptCount) || oldSelf.status.attemptCount =="
          + " 0 || (";

  static final String RUNNING = "!has(oldSelf.status) || !has(oldSelf.status.activeAttempt) || (";

  private static final long serialVersionUID = 1L;

  /** The status; before the operator has written one, {@link FashionTrainingJobStatus#none()}. */
  public FashionTrainingJobStatus currentStatus() {
    return getStatus() == null ? FashionTrainingJobStatus.none() : getStatus();
  }

  /**
   * Whether the job has ended for good. One that was refused before its first attempt gets another
   * chance when it is edited.
   */
  public boolean over() {
    FashionTrainingJobStatus current = currentStatus();
    return current.phase() != null
        && current.phase().finished()
        && (current.attemptCount() > 0
            || getMetadata().getGeneration().equals(current.observedGeneration()));
  }

  /**
   * Whether the job has succeeded, and its model is still to be registered; or that failed for
   * good, and the resource has been edited since.
   */
  public boolean awaitsRegistration() {
    FashionTrainingJobStatus current = currentStatus();
    if (current.phase() != Phase.SUCCEEDED || getSpec().registry() == null) {
      return false;
    }
    return current
        .condition(MODEL_REGISTERED)
        .map(
            condition ->
                switch (condition.status()) {
                  case "True" -> false;
                  case "False" ->
                      getMetadata().getDeletionTimestamp() == null
                          && !getMetadata().getGeneration().equals(condition.observedGeneration());
                  default -> true;
                })
        .orElse(true);
  }

  // Records have no constructor without arguments, which is what the superclass would look for.

  @Override
  protected FashionTrainingJobSpec initSpec() {
    return null;
  }

  @Override
  protected FashionTrainingJobStatus initStatus() {
    return null;
  }
}
