package io.fashionmnist.training.operator.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Impersonation against a stand-in for the service that makes tokens. */
class RegistryIdentityTest {
  private static final String ACCOUNT = "registrar@shop.iam.gserviceaccount.com";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer tokens;
  private int status = 200;
  private String answer =
      "{\"accessToken\": \"of the registrar\", \"expireTime\": \"2099-01-01T00:00:00Z\"}";

  @BeforeEach
  void start() throws IOException {
    tokens = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    tokens.createContext(
        "/",
        exchange -> {
          asked.add(
              exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + exchange.getRequestURI().getPath());
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    tokens.start();
  }

  @AfterEach
  void stop() {
    tokens.stop(0);
  }

  @Test
  void actsAsTheAccountThatIsConfigured() throws IOException {
    RegistryIdentity identity = identity(Optional.of(ACCOUNT));

    identity.signIn();

    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst())
        .startsWith("Bearer of the operator ")
        .contains(ACCOUNT + ":generateAccessToken");
    assertThat(((GoogleCredentials) identity.provider().getCredentials()).getAccessToken())
        .extracting(AccessToken::getTokenValue)
        .isEqualTo("of the registrar");
    identity.signIn();
    assertThat(asked).as("a token holds for a while").hasSize(1);
  }

  @Test
  void actsAsItselfWithoutOne() throws IOException {
    RegistryIdentity identity = identity(Optional.empty());
    identity.signIn();
    assertThat(asked).isEmpty();
    assertThat(identity.name()).isEqualTo("the operator's account");
  }

  @Test
  void saysWhichRoleImpersonationNeeds() {
    status = 403;
    answer =
        """
        {"error": {"code": 403, "message": "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).", "status": "PERMISSION_DENIED"}}
        """;
    RegistryIdentity identity = identity(Optional.of(ACCOUNT));
    var failure = catchThrowableOfType(IOException.class, identity::signIn);
    var refused = new RegistryAdvice(identity.name(), identity.account()).about(failure);
    assertThat(refused.orElseThrow().reason()).isEqualTo("PermissionDenied");
    assertThat(refused.orElseThrow().message())
        .contains("getAccessToken")
        .contains("may not act as " + ACCOUNT)
        .contains("roles/iam.serviceAccountTokenCreator");
  }

  @Test
  void aServiceThatIsDownIsTriedAgain() {
    tokens.stop(0);
    RegistryIdentity identity = identity(Optional.of(ACCOUNT));
    var failure = catchThrowableOfType(IOException.class, identity::signIn);
    assertThat(new RegistryAdvice(identity.name(), identity.account()).about(failure)).isEmpty();
  }

  private RegistryIdentity identity(Optional<String> account) {
    var own =
        GoogleCredentials.create(new AccessToken("of the operator", new Date(4_000_000_000_000L)));
    return new RegistryIdentity(
        account,
        () -> own,
        Optional.of(
            "http://127.0.0.1:%d/v1/projects/-/serviceAccounts/%s:generateAccessToken"
                .formatted(tokens.getAddress().getPort(), ACCOUNT)));
  }
}
