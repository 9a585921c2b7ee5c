package io.fashionmnist.training.operator.event;

/** Why an Event is told; one word, as Kubernetes has it. */
public enum Reason {
  ATTEMPT_STARTED("AttemptStarted", false),
  TRAINING("Training", false),
  RESTARTING("Restarting", true),
  WAITING("Waiting", true),
  FALLING_BACK("FallingBack", true),
  ABANDONED("Abandoned", true),
  SUSPENDED("Suspended", false),
  SUCCEEDED("Succeeded", false),
  MODEL_REGISTERED("ModelRegistered", false),
  MODEL_NOT_REGISTERED("ModelNotRegistered", true),
  FAILED("Failed", true);

  private final String text;
  private final boolean warning;

  Reason(String text, boolean warning) {
    this.text = text;
    this.warning = warning;
  }

  /** As the Event spells it. */
  public String text() {
    return text;
  }

  /** Normal or Warning. */
  public String type() {
    return warning ? "Warning" : "Normal";
  }
}
