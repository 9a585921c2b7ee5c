package io.fashionmnist.training.operator.web;

import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.operator.https.BearerToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the API server whose a token is. It takes those that the API server itself would take, and
 * those made for this API alone; a trainer's, which is for progress, is neither. Remembered for a
 * minute; tokens themselves are not kept.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-review-v1/">TokenReview</a>
 */
final class Callers {
  /** Whom tokens are for that are made for this API. */
  static final String AUDIENCE = "fashion-training-operator-api";

  private static final Duration REMEMBERED = Duration.ofSeconds(60);
  private static final int MOST_REMEMBERED = 1_000;

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(Optional<Caller> caller, Instant until) {}

  Callers(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Whose a token is; empty when it is nobody's here. */
  Optional<Caller> caller(BearerToken token) {
    Instant now = clock.instant();
    Known before = known.get(token.digest());
    if (before != null && before.until().isAfter(now)) {
      return before.caller();
    }
    Optional<Caller> caller = ask(token, List.of(AUDIENCE)).or(() -> ask(token, List.of()));
    known.values().removeIf(each -> !each.until().isAfter(now));
    if (known.size() >= MOST_REMEMBERED) {
      known.clear();
    }
    known.put(token.digest(), new Known(caller, now.plus(REMEMBERED)));
    return caller;
  }

  /**
   * @param audiences none: the API server's own
   */
  private Optional<Caller> ask(BearerToken token, List<String> audiences) {
    TokenReviewStatus status =
        client
            .resource(
                new TokenReviewBuilder()
                    .withNewSpec()
                    .withToken(token.text())
                    .withAudiences(audiences)
                    .endSpec()
                    .build())
            .create()
            .getStatus();
    if (status == null
        || !Boolean.TRUE.equals(status.getAuthenticated())
        // An authenticator that knows no audiences does not tell any.
        || (!audiences.isEmpty() && !audiences.equals(status.getAudiences()))) {
      return Optional.empty();
    }
    var user = status.getUser();
    return Optional.of(
        new Caller(
            user.getUsername(),
            Optional.ofNullable(user.getUid()).orElse(""),
            Optional.ofNullable(user.getGroups()).orElse(List.of()),
            Optional.ofNullable(user.getExtra()).orElse(Map.of())));
  }
}
