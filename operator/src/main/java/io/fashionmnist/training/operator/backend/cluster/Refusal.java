package io.fashionmnist.training.operator.backend.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJobStatus.ReplicaStatus;
import io.fashionmnist.training.operator.backend.AttemptObservation;
import io.fashionmnist.training.operator.backend.AttemptObservation.Cause;
import io.fashionmnist.training.operator.backend.AttemptObservation.Consequence;
import io.fashionmnist.training.operator.backend.AttemptObservation.Failures;
import io.fashionmnist.training.operator.backend.AttemptReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The API server's word against a Job, and what it means for the attempt. Pure.
 *
 * @param code the HTTP status code; admission webhooks choose theirs
 * @param words the server's message
 */
record Refusal(int code, String words) {
  private static final Set<Integer> CODES = Set.of(400, 403, 413, 422);
  private static final int INVALID = 422;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final Duration SOONEST = Duration.ofSeconds(10);
  private static final Duration LATEST = Duration.ofMinutes(2);

  /**
   * Empty where nothing was said, or that may be true no more: a conflict, a namespace that ends.
   */
  static Optional<Refusal> of(KubernetesClientException e) {
    String words =
        e.getStatus() == null || e.getStatus().getMessage() == null
            ? String.valueOf(e.getMessage())
            : e.getStatus().getMessage();
    return (CODES.contains(e.getCode()) || busy(e.getCode())) && !words.contains("being terminated")
        ? Optional.of(new Refusal(e.getCode(), words))
        : Optional.empty();
  }

  /** Whether words of the API server, or in an Event, are about a ResourceQuota. */
  static boolean ofQuota(String words) {
    return words.contains("exceeded quota") || words.contains("status unknown for quota");
  }

  /**
   * What an attempt whose Job is refused is. Where the server, or a webhook that it has to ask,
   * can't do it now, the Job may have been made all the same: it has a name, and is found by it.
   *
   * @param waited how long it has been wanted: who waits for long asks less often
   */
  AttemptObservation seen(Duration waited) {
    if (ofQuota(words)) {
      return waiting(AttemptReason.NAMESPACE_QUOTA, waited);
    }
    if (busy(code)) {
      return waiting(AttemptReason.API_SERVER_BUSY, waited);
    }
    return new AttemptObservation.Failed(
        Consequence.FINAL,
        "JobRefused",
        "the API server refuses the attempt's Job: %s; %s".formatted(words, advice()),
        List.of(),
        Failures.NONE,
        Optional.empty(),
        ReplicaStatus.NONE);
  }

  private AttemptObservation waiting(String reason, Duration waited) {
    return new AttemptObservation.Waiting(Cause.CAPACITY, reason, words, ReplicaStatus.NONE)
        .again(pause(waited));
  }

  private static boolean busy(int code) {
    return code == TOO_MANY_REQUESTS || code >= SERVER_ERROR;
  }

  private static Duration pause(Duration waited) {
    Duration quarter = waited.dividedBy(4);
    return quarter.compareTo(SOONEST) < 0
        ? SOONEST
        : quarter.compareTo(LATEST) > 0 ? LATEST : quarter;
  }

  private String advice() {
    if (code == INVALID) {
      return "correct what it names, and create the job again";
    }
    return words.contains("cannot create resource")
        ? "give the operator's service account the rights that its chart has, and create the job"
            + " again"
        : "change what it objects to, or ask whoever runs that policy, and create the job again";
  }
}
