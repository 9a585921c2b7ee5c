package io.fashionmnist.training.operator.backend;

/** Reasons of attempts, one word each, that more is made of than text. */
public final class AttemptReason {
  /** It was just begun, and nothing stands in its way. */
  public static final String STARTING = "Starting";

  /** The namespace's quota leaves no room for it. */
  public static final String NAMESPACE_QUOTA = "NamespaceQuota";

  /** The API server, or a webhook that it has to ask, could not take its Job. */
  public static final String API_SERVER_BUSY = "ApiServerBusy";

  /** The Spot machine was taken away: it ran, and may have saved. */
  public static final String PREEMPTED = "Preempted";

  /** It waited for capacity for longer than its placement allows. */
  public static final String QUEUE_DEADLINE_EXCEEDED = "QueueDeadlineExceeded";

  /** Who could tell does not answer. */
  public static final String UNREACHABLE = "Unreachable";

  /** Who would run it does not answer, and was not asked to: nothing of it can be there. */
  public static final String NOT_REACHED = "NotReached";

  /** Its trainer was interrupted, and had saved. */
  public static final String INTERRUPTED = "Interrupted";

  private AttemptReason() {}
}
