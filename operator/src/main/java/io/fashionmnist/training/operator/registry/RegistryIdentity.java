package io.fashionmnist.training.operator.registry;

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Who uploads models: an account of its own that the operator impersonates, or the operator itself.
 * With one of its own the operator's account needs no right on models.
 *
 * @see <a href="https://cloud.google.com/iam/docs/service-account-impersonation">Impersonation</a>
 */
final class RegistryIdentity {
  private static final List<String> SCOPES =
      List.of("https://www.googleapis.com/auth/cloud-platform");

  /** A token's life; it is renewed by itself. */
  private static final int LIFETIME_SECONDS = 3600;

  /** Where the operator's own credentials come from. */
  interface Source {
    GoogleCredentials get() throws IOException;
  }

  private final Optional<String> account;
  private final Optional<String> tokens;
  private final Source own;
  private Optional<GoogleCredentials> known = Optional.empty();

  /**
   * @param account the account to impersonate
   */
  RegistryIdentity(Optional<String> account) {
    this(account, GoogleCredentials::getApplicationDefault, Optional.empty());
  }

  /**
   * @param tokens address of the service that makes tokens, instead of Google's
   */
  RegistryIdentity(Optional<String> account, Source own, Optional<String> tokens) {
    this.account = account;
    this.own = own;
    this.tokens = tokens;
  }

  /** Who that is, for people. */
  String name() {
    return account.map("the service account %s"::formatted).orElse("the operator's account");
  }

  /** The account that is impersonated. */
  Optional<String> account() {
    return account;
  }

  /**
   * Sees to it that there is a token: here it is told why there is none, in a call it would not be.
   *
   * @throws IOException if there is none
   */
  void signIn() throws IOException {
    credentials().refreshIfExpired();
  }

  /** For a client. */
  CredentialsProvider provider() throws IOException {
    return FixedCredentialsProvider.create(credentials());
  }

  private synchronized GoogleCredentials credentials() throws IOException {
    if (known.isEmpty()) {
      GoogleCredentials operator = own.get();
      known = Optional.of(account.isEmpty() ? operator.createScoped(SCOPES) : of(operator));
    }
    return known.get();
  }

  private GoogleCredentials of(GoogleCredentials operator) {
    var builder =
        ImpersonatedCredentials.newBuilder()
            .setSourceCredentials(operator)
            .setTargetPrincipal(account.orElseThrow())
            .setScopes(SCOPES)
            .setLifetime(LIFETIME_SECONDS);
    tokens.ifPresent(builder::setIamEndpointOverride);
    return builder.build();
  }
}
