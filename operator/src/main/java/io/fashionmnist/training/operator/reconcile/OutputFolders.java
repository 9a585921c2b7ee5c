package io.fashionmnist.training.operator.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMeta;

/** Where each attempt writes: a folder of its own, which a job made again never finds used. */
final class OutputFolders {
  private static final int UID_CHARACTERS = 8;

  private OutputFolders() {}

  /** {@code OUTPUT/NAME-UID/attempt-N}. */
  static String of(String output, ObjectMeta job, int attempt) {
    String uid = job.getUid().replace("-", "");
    return "%s/%s-%s/attempt-%d"
        .formatted(
            output.replaceAll("/+$", ""),
            job.getName(),
            uid.substring(0, Math.min(UID_CHARACTERS, uid.length())),
            attempt);
  }
}
