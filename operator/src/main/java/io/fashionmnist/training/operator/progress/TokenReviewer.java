package io.fashionmnist.training.operator.progress;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.operator.backend.cluster.TrainerJob;
import io.fashionmnist.training.operator.https.BearerToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks the API server whose a token is, once a minute for each at most. A token that was valid is
 * remembered as such until a review says otherwise: whoever makes tokens up must not stand in its
 * way. Tokens themselves are not kept.
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
  // By digest. When there are too many the one goes that was not asked for the longest: a trainer
  // that trains asks every few seconds.
  private final Map<String, Verdict> verdicts =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Verdict> eldest) {
              return size() > MOST_REMEMBERED;
            }
          });

  /**
   * What is known of a token.
   *
   * @param reporter its pod, if it is a pod's and for this operator
   */
  private record Verdict(Optional<Reporter> reporter, Instant until) {
    boolean holdsAt(Instant now) {
      return until.isAfter(now);
    }
  }

  TokenReviewer(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Whether a token is no stranger: reviewed within the minute, or valid at its last review. */
  boolean knows(BearerToken token) {
    Verdict verdict = verdicts.get(token.digest());
    return verdict != null && (verdict.reporter().isPresent() || verdict.holdsAt(clock.instant()));
  }

  /** The pod that a token was given to; empty when the token is not valid here. */
  Optional<Reporter> reporter(BearerToken token) {
    Instant now = clock.instant();
    String digest = token.digest();
    Verdict before = verdicts.get(digest);
    if (before != null && before.holdsAt(now)) {
      return before.reporter();
    }
    Optional<Reporter> reporter = ask(token);
    verdicts.values().removeIf(verdict -> verdict.reporter().isEmpty() && !verdict.holdsAt(now));
    verdicts.put(digest, new Verdict(reporter, now.plus(REMEMBERED)));
    return reporter;
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
}
