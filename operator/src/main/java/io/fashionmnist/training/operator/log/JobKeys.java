package io.fashionmnist.training.operator.log;

import io.fashionmnist.training.api.v1alpha1.Attempt;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import org.jboss.logging.MDC;

/**
 * The keys by which a job's lines are found in the log: {@code namespace}, {@code job}, {@code
 * uid}, {@code attempt}, {@code placement}. They are the thread's.
 */
public final class JobKeys {
  private static final String UID = "uid";
  private static final String ATTEMPT = "attempt";
  private static final String PLACEMENT = "placement";

  private JobKeys() {}

  /** From now on this thread's lines are about a job, as it stands in its status. */
  public static void of(FashionTrainingJob job) {
    var metadata = job.getMetadata();
    of(metadata.getNamespace(), metadata.getName());
    MDC.put(UID, metadata.getUid());
    var attempts = job.currentStatus().attempts();
    if (!attempts.isEmpty()) {
      of(attempts.getLast());
    }
  }

  /** From now on this thread's lines are about a job of which no more is known. */
  public static void of(String namespace, String job) {
    MDC.clear();
    MDC.put("namespace", namespace);
    MDC.put("job", job);
  }

  /**
   * What is done is about an attempt of a job of which no more is known; the thread's lines before
   * and after are not.
   */
  public static void about(String namespace, String job, String uid, int attempt, Runnable done) {
    of(namespace, job);
    MDC.put(UID, uid);
    MDC.put(ATTEMPT, attempt);
    try {
      done.run();
    } finally {
      MDC.clear();
    }
  }

  static void of(Attempt attempt) {
    MDC.put(ATTEMPT, attempt.number());
    MDC.put(PLACEMENT, attempt.placement());
  }
}
