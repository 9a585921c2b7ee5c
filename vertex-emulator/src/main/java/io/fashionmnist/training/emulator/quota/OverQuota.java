package io.fashionmnist.training.emulator.quota;

/** The three ways in which the service answers a job that is over its quota. */
public enum OverQuota {
  /** The create call is refused with RESOURCE_EXHAUSTED. */
  REJECT,
  /** The job is accepted and fails some minutes later. */
  FAIL,
  /** The job is accepted and stays queued until others give quota back, if they ever do. */
  QUEUE
}
