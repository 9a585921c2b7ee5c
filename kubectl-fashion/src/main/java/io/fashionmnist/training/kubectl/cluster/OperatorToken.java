package io.fashionmnist.training.kubectl.cluster;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.util.stream.Stream;

/**
 * What the operator is asked with: the user's own token; who has none, but a certificate, asks as
 * the chart's reader.
 */
final class OperatorToken {
  /** The shortest that the API server gives. */
  private static final long TOKEN_SECONDS = 600;

  private final Cluster cluster;

  OperatorToken(Cluster cluster) {
    this.cluster = cluster;
  }

  /** The user's own, else one of the reader's, for the operator alone and for ten minutes. */
  String of(OperatorPlace place) {
    Config config = cluster.config();
    return Stream.of(
            config.getOauthTokenProvider() == null
                ? null
                : config.getOauthTokenProvider().getToken(),
            config.getAutoOAuthToken(),
            config.getOauthToken())
        .filter(token -> token != null && !token.isBlank())
        .findFirst()
        .orElseGet(
            () ->
                place
                    .serviceAccount()
                    .map(account -> readersToken(place, account))
                    .orElseThrow(
                        () ->
                            Failure.unavailable(
                                "this context has no token, and the operator's chart made no"
                                    + " account to ask as (rbac.create)")));
  }

  private String readersToken(OperatorPlace place, String account) {
    return cluster.ask(
        () ->
            cluster
                .client()
                .serviceAccounts()
                .inNamespace(place.namespace())
                .withName(account)
                .tokenRequest(
                    new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(place.audience())
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken());
  }
}
