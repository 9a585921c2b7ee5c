package io.fashionmnist.training.kubectl.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fashionmnist.training.api.plan.JobPlan;
import io.fashionmnist.training.api.plan.KnownQuotas;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The operator, asked over HTTPS. It is reached through the API server, which forwards a port of
 * the leader's pod, and shows a certificate of the authority that its ConfigMap names.
 */
public final class OperatorApi {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int FORBIDDEN = 403;
  private static final int UNAVAILABLE = 503;

  private final Cluster cluster;
  private final Optional<URI> address;
  private final Optional<String> namespace;
  private final Optional<String> name;
  private final ObjectMapper json =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /**
   * @param address where it is reached without a forwarded port
   * @param namespace where it is
   * @param name its Deployment's
   */
  public OperatorApi(
      Cluster cluster, Optional<URI> address, Optional<String> namespace, Optional<String> name) {
    this.cluster = cluster;
    this.address = address;
    this.namespace = namespace;
    this.name = name;
  }

  /** What would become of a job. */
  public JobPlan plan(GenericKubernetesResource job, String inNamespace) {
    try {
      return answer(
          "/v1/namespaces/%s/plan".formatted(inNamespace),
          Optional.of(BodyPublishers.ofString(json.writeValueAsString(job))),
          JobPlan.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A resource that is no JSON", e);
    }
  }

  /** What is known of the quotas that a namespace may use; of all without one. */
  public KnownQuotas quotas(Optional<String> of) {
    return answer(
        of.map("/v1/namespaces/%s/quota"::formatted).orElse("/v1/quota"),
        Optional.empty(),
        KnownQuotas.class);
  }

  private <T> T answer(String path, Optional<BodyPublisher> body, Class<T> type) {
    OperatorPlace place = OperatorPlace.find(cluster, namespace, name);
    String token = new OperatorToken(cluster).of(place);
    HttpResponse<String> response;
    if (address.isPresent()) {
      response = send(place, address.get(), path, body, token);
    } else {
      String leader = leader(place);
      response = forwarded(place, leader, path, body, token);
      String now = response.statusCode() == UNAVAILABLE ? leader(place) : leader;
      if (!now.equals(leader)) {
        response = forwarded(place, now, path, body, token);
      }
    }
    return read(response, type);
  }

  private String leader(OperatorPlace place) {
    return cluster.ask(
        () ->
            Optional.ofNullable(
                    cluster
                        .client()
                        .leases()
                        .inNamespace(place.namespace())
                        .withName(place.lease())
                        .get())
                .map(lease -> lease.getSpec().getHolderIdentity())
                .filter(holder -> !holder.isEmpty())
                .orElseThrow(
                    () ->
                        Failure.unavailable(
                            "no replica of the operator leads now: kubectl -n %s get pods shows"
                                + " whether one runs",
                            place.namespace())));
  }

  private HttpResponse<String> forwarded(
      OperatorPlace place, String pod, String path, Optional<BodyPublisher> body, String token) {
    return cluster.ask(
        () -> {
          try (LocalPortForward port =
              cluster
                  .client()
                  .pods()
                  .inNamespace(place.namespace())
                  .withName(pod)
                  .portForward(place.port())) {
            try {
              return send(
                  place, URI.create("https://localhost:" + port.getLocalPort()), path, body, token);
            } catch (Failure e) {
              // Why no connection came is known to the forwarded port alone.
              throw Stream.concat(
                      port.getServerThrowables().stream(), port.getClientThrowables().stream())
                  .findFirst()
                  .map(cause -> notForwarded(place, pod, cause))
                  .orElse(e);
            }
          } catch (IOException e) {
            throw notForwarded(place, pod, e);
          }
        });
  }

  private static Failure notForwarded(OperatorPlace place, String pod, Throwable cause) {
    String told = String.valueOf(cause.getMessage());
    return told.contains("403") || told.contains("orbidden")
        ? Failure.unavailable(
            "you may not forward a port of pod %s in namespace %s: ask for the verb create on"
                + " pods/portforward there (api.subjects of the operator's chart)",
            pod, place.namespace())
        : Failure.unavailable(
            "no port of pod %s in namespace %s can be forwarded: %s", pod, place.namespace(), told);
  }

  private HttpResponse<String> send(
      OperatorPlace place, URI server, String path, Optional<BodyPublisher> body, String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json");
    body.ifPresent(request::POST);
    try (HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .sslContext(PinnedTrust.context(place.authority(), place.serverName()))
            .build()) {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (CertificateException e) {
      throw Failure.unavailable(
          "ca.crt in the operator's ConfigMap in namespace %s is no certificate: %s",
          place.namespace(), e.getMessage());
    } catch (IOException e) {
      throw Failure.unavailable("the operator does not answer: %s", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.unavailable("interrupted");
    }
  }

  private <T> T read(HttpResponse<String> response, Class<T> type) {
    try {
      if (response.statusCode() == 200) {
        return json.readValue(response.body(), type);
      }
      JsonNode body = json.readTree(response.body());
      String message = body.path("message").asText("HTTP " + response.statusCode());
      throw switch (response.statusCode()) {
        case 400, 413 -> Failure.usage("the operator can't plan this: %s", message);
        case FORBIDDEN -> Failure.unavailable("the operator does not tell: %s", message);
        default -> Failure.unavailable("the operator says: %s", message);
      };
    } catch (JsonProcessingException e) {
      throw Failure.unavailable(
          "what answers is not the operator, or an older one: HTTP %d", response.statusCode());
    }
  }
}
