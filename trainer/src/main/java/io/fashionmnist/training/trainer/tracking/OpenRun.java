package io.fashionmnist.training.trainer.tracking;

/**
 * A run that is in the service.
 *
 * @param identity under which it is
 * @param context full name of its context
 * @param curves full name of its TensorboardRun
 */
record OpenRun(RunIdentity identity, String context, String curves) {
  /** Id of an artifact of this run. */
  String artifact(String kind) {
    return context.substring(context.lastIndexOf('/') + 1) + "-" + kind;
  }
}
