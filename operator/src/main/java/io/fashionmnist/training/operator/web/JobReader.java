package io.fashionmnist.training.operator.web;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fashionmnist.training.api.v1alpha1.FashionTrainingJob;
import io.fashionmnist.training.operator.https.BearerToken;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads jobs from the API server as the one whose token it is. The operator's own rights play no
 * part: its credentials are not in this client.
 */
final class JobReader implements AutoCloseable {
  /** More than a page should have; that there are more is said. */
  private static final int MOST_JOBS = 500;

  private static final int PATIENCE_SECONDS = 10;
  private static final String API =
      "/apis/%s/%s"
          .formatted(
              HasMetadata.getGroup(FashionTrainingJob.class),
              HasMetadata.getVersion(FashionTrainingJob.class));

  private final KubernetesClient anonymous;

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Jobs(ListMeta metadata, List<FashionTrainingJob> items) {
    /** The API server says where the rest begins. */
    boolean cut() {
      return metadata.getContinue() != null && !metadata.getContinue().isEmpty();
    }
  }

  /** The API server cannot be asked, or fails. */
  static final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unanswered(String message) {
      super(message);
    }
  }

  /**
   * @param operator how the operator itself reaches the API server
   */
  JobReader(Config operator) {
    anonymous = new KubernetesClientBuilder().withConfig(address(operator)).build();
  }

  /** The jobs of a namespace, or of all: the first by name, if there are many. */
  Seen<JobList> jobs(BearerToken token, Optional<String> namespace) {
    String path = namespace.map(name -> "/namespaces/" + name).orElse("") + "/fashiontrainingjobs";
    // Without a version: for version 0 the API server's memory answers, and knows no limit.
    return ask(token, path + "?limit=" + MOST_JOBS, Jobs.class)
        .map(list -> new JobList(list.items(), list.cut()));
  }

  /** Whether the API server knows whose a token is; what they may see is another question. */
  boolean knows(BearerToken token) {
    return !(ask(token, "/fashiontrainingjobs?limit=1", Jobs.class) instanceof Seen.Stranger<?>);
  }

  Seen<FashionTrainingJob> job(BearerToken token, String namespace, String name) {
    return ask(
        token,
        "/namespaces/%s/fashiontrainingjobs/%s".formatted(namespace, name),
        FashionTrainingJob.class);
  }

  @Override
  public void close() {
    anonymous.close();
  }

  private <T> Seen<T> ask(BearerToken token, String path, Class<T> type) {
    HttpResponse<byte[]> answer = send(token, path);
    return switch (answer.code()) {
      case 200 ->
          new Seen.It<>(anonymous.getKubernetesSerialization().unmarshal(text(answer), type));
      case 401 -> new Seen.Stranger<>();
      case 403 -> new Seen.Forbidden<>(complaint(answer));
      case 404 -> new Seen.Nothing<>();
      default ->
          throw new Unanswered(
              "the API server answers %d: %s".formatted(answer.code(), complaint(answer)));
    };
  }

  private HttpResponse<byte[]> send(BearerToken token, String path) {
    var http = anonymous.getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(URI.create(anonymous.getMasterUrl().toString().replaceAll("/$", "") + API + path))
            .header("Authorization", "Bearer " + token.text())
            .header("Accept", "application/json")
            .build();
    try {
      return http.sendAsync(request, byte[].class).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new Unanswered("the API server does not answer: " + e.getCause().getMessage());
    } catch (TimeoutException _) {
      throw new Unanswered(
          "the API server has not answered for %d seconds".formatted(PATIENCE_SECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Unanswered("the operator is ending");
    }
  }

  private String complaint(HttpResponse<byte[]> answer) {
    try {
      Status status = anonymous.getKubernetesSerialization().unmarshal(text(answer), Status.class);
      return Optional.ofNullable(status.getMessage()).orElse("");
    } catch (RuntimeException _) {
      return "";
    }
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8);
  }

  /** Where the API server is and what it is known by, and nothing that lets anybody in. */
  private static Config address(Config operator) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(operator.getMasterUrl())
        .withCaCertFile(operator.getCaCertFile())
        .withCaCertData(operator.getCaCertData())
        .withTrustCerts(operator.isTrustCerts())
        .withDisableHostnameVerification(operator.isDisableHostnameVerification())
        .withTlsServerName(operator.getTlsServerName())
        .withRequestRetryBackoffLimit(0)
        .build();
  }
}
