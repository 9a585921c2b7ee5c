package io.fashionmnist.training.emulator.fault;

import java.util.Locale;

/** What can go wrong. In YAML and flags: lower case, with hyphens. */
public enum FaultKind {
  /** The call is refused for too many requests. */
  RATE_LIMIT("*"),
  /** The create call is refused for quota, whatever the accounts say. */
  QUOTA_EXCEEDED("CreateCustomJob"),
  /** The caller lacks a permission. */
  PERMISSION_DENIED("*"),
  /** The caller may not use the job's service account. */
  SERVICE_ACCOUNT("CreateCustomJob"),
  /** The project has not enabled the API. */
  API_DISABLED("*"),
  /** The project has no billing. */
  BILLING_DISABLED("CreateCustomJob"),
  /** The service cannot be reached. */
  UNAVAILABLE("*"),
  /** The call is carried out, and then answered with DEADLINE_EXCEEDED. */
  DEADLINE_EXCEEDED_AFTER_COMMIT("*"),
  /** The call is refused with the rule's code and message. */
  ERROR("*"),
  /** The call is carried out, and then answered with the rule's code and message. */
  ERROR_AFTER_COMMIT("*"),
  /** The call takes {@code delay} longer. */
  SLOW("*"),
  /** Lists show the new job, or the new version of a model, only after {@code delay}. */
  LIST_LAG("CreateCustomJob"),
  /** The operation that was started is done only after {@code delay}. */
  OPERATION_LAG("UploadModel"),
  /** The job is accepted and fails for quota after {@code delay}. */
  FAILED_FOR_QUOTA("CreateCustomJob"),
  /** The job stays queued until it is cancelled. */
  STAYS_QUEUED("CreateCustomJob"),
  /** The job fails after {@code delay}, for want of machines. */
  STOCKOUT("CreateCustomJob"),
  /** The job fails after {@code delay} because of the service, after its three attempts. */
  INTERNAL_ERROR("CreateCustomJob"),
  /**
   * The job, or the upload of a model, fails after {@code delay} with the rule's code and message.
   */
  FAILED("CreateCustomJob"),
  /** The job's Spot machine is taken away {@code delay} after it started. */
  PREEMPTION("CreateCustomJob"),
  /** The job ends successfully although it is being cancelled. */
  SUCCEEDS_WHILE_CANCELLING("CreateCustomJob"),
  /** The job's {@code error} comes {@code delay} after its end. */
  LATE_ERROR("CreateCustomJob");

  private final String usualCall;

  FaultKind(String usualCall) {
    this.usualCall = usualCall;
  }

  /** The call that it hits when the rule names none; {@code *} is all. */
  public String usualCall() {
    return usualCall;
  }

  /** How it is written in YAML and flags. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
