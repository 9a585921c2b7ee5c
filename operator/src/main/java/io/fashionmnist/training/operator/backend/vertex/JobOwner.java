package io.fashionmnist.training.operator.backend.vertex;

import io.fashionmnist.training.operator.log.JobKeys;
import io.fashionmnist.training.operator.quota.AttemptKey;

/**
 * Whose a custom job is.
 *
 * @param namespace of the resource
 * @param name of the resource
 * @param uid of the resource: one made again under the same name is another
 * @param attempt its number
 */
public record JobOwner(String namespace, String name, String uid, int attempt) {
  /** What it holds of a quota is booked under this. */
  AttemptKey key() {
    return new AttemptKey(uid, attempt);
  }

  /** Does something whose lines in the log are about this attempt. */
  public void logged(Runnable done) {
    JobKeys.about(namespace, name, uid, attempt, done);
  }
}
