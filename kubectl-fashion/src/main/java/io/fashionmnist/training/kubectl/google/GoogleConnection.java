package io.fashionmnist.training.kubectl.google;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.util.Optional;

/**
 * How a Google service is reached: with the user's application default credentials, or, at another
 * endpoint, without any.
 *
 * @param endpoint an emulator's, with a slash at its end; empty: Google's
 */
record GoogleConnection(
    Optional<String> endpoint, HttpTransport transport, HttpRequestInitializer requests) {
  private static final int MILLIS = 20_000;

  static GoogleConnection of(Optional<String> endpoint, String scope) throws IOException {
    Optional<String> root =
        endpoint
            .filter(text -> !text.isBlank())
            .map(text -> text.contains("://") ? text : "http://" + text)
            .map(text -> text.replaceAll("/*$", "/"));
    HttpRequestInitializer credentials =
        root.isPresent()
            ? _ -> {}
            : new HttpCredentialsAdapter(
                GoogleCredentials.getApplicationDefault().createScoped(scope));
    return new GoogleConnection(
        root,
        new NetHttpTransport(),
        request -> {
          credentials.initialize(request);
          request.setConnectTimeout(MILLIS).setReadTimeout(MILLIS);
        });
  }
}
