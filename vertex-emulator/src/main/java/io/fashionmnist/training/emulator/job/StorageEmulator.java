package io.fashionmnist.training.emulator.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Asks an emulator of Cloud Storage where a bucket is. One that does not answer knows none. */
public final class StorageEmulator implements BucketLocations {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final URI address;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final ObjectMapper json = new ObjectMapper();

  /** With an address such as {@code http://localhost:4443}. */
  public StorageEmulator(URI address) {
    this.address = address;
  }

  @Override
  public Optional<String> of(String bucket) {
    URI uri = address.resolve("/storage/v1/b/" + URLEncoder.encode(bucket, StandardCharsets.UTF_8));
    try {
      var response =
          http.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
      String location =
          response.statusCode() == 200
              ? json.readTree(response.body()).path("location").asText("")
              : "";
      return location.isEmpty() ? Optional.empty() : Optional.of(location.toLowerCase(Locale.ROOT));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
