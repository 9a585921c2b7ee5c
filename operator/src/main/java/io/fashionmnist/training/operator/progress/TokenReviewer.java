package io.fashionmnist.training.operator.progress;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.operator.backend.cluster.TrainerJob;
import io.fashionmnist.training.operator.https.BearerToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the API server whose a token is, once a minute for each at most. Tokens themselves are not
 * kept.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1/">TokenReview</a>
 */
final class TokenReviewer {
  private static final Duration REMEMBERED = Duration.ofSeconds(60);
  private static final int MOST_REMEMBERED = 10_000;
  private static final String ACCOUNT = "system:serviceaccount:";
  private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
  private static final String POD_UID = "authentication.kubernetes.io/pod-uid";

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Map<String, Verdict> verdicts = new ConcurrentHashMap<>();

  /**
   * What is known of a token.
   *
   * @param reporter its pod, if it is a pod's and for this operator
   */
  private record Verdict(Optional<Reporter> reporter, Instant until) {}

  TokenReviewer(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Whether whose a token is can be told without asking. */
  boolean knows(BearerToken token) {
    return known(token, clock.instant()).isPresent();
  }

  /** The pod that a token was given to; empty when the token is not valid here. */
  Optional<Reporter> reporter(BearerToken token) {
    Instant now = clock.instant();
    String digest = token.digest();
    Optional<Verdict> known = known(token, now);
    if (known.isPresent()) {
      return known.get().reporter();
    }
    Optional<Reporter> reporter = ask(token);
    forget(now);
    verdicts.put(digest, new Verdict(reporter, now.plus(REMEMBERED)));
    return reporter;
  }

  private Optional<Verdict> known(BearerToken token, Instant now) {
    return Optional.ofNullable(verdicts.get(token.digest()))
        .filter(verdict -> verdict.until().isAfter(now));
  }

  private Optional<Reporter> ask(BearerToken token) {
    TokenReview review =
        client
            .resource(
                new TokenReviewBuilder()
                    .withNewSpec()
                    .withToken(token.text())
                    .withAudiences(TrainerJob.AUDIENCE)
                    .endSpec()
                    .build())
            .create();
    var status = review.getStatus();
    if (status == null
        || !Boolean.TRUE.equals(status.getAuthenticated())
        || !status.getAudiences().contains(TrainerJob.AUDIENCE)
        || !status.getUser().getUsername().startsWith(ACCOUNT)) {
      return Optional.empty();
    }
    var user = status.getUser();
    Map<String, List<String>> extra = user.getExtra() == null ? Map.of() : user.getExtra();
    if (!extra.containsKey(POD_NAME) || !extra.containsKey(POD_UID)) {
      return Optional.empty();
    }
    String namespace = user.getUsername().substring(ACCOUNT.length()).split(":")[0];
    return Optional.of(
        new Reporter(namespace, extra.get(POD_NAME).getFirst(), extra.get(POD_UID).getFirst()));
  }

  private void forget(Instant now) {
    verdicts.values().removeIf(verdict -> !verdict.until().isAfter(now));
    if (verdicts.size() >= MOST_REMEMBERED) {
      verdicts.clear();
    }
  }
}
