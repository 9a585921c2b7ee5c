package io.fashionmnist.training.kubectl.failure;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** What the API server's refusals mean for the user. Pure. */
public final class ClusterFailures {
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "User \"([^\"]+)\" cannot (\\S+) resource \"([^\"]+)\"(?: in API group \"([^\"]*)\")?(?:.*in"
              + " the namespace \"([^\"]+)\")?.*",
          Pattern.DOTALL);

  private ClusterFailures() {}

  /**
   * One line about a refusal.
   *
   * @param server the API server's address
   */
  public static Failure of(KubernetesClientException e, String server) {
    return switch (e.getCode()) {
      case 401 ->
          Failure.unavailable(
              "%s does not know you: the credentials of this context are wrong or have expired",
              server);
      case 403 -> Failure.unavailable("%s", forbidden(said(e)));
      case 404 ->
          kind(e).isPresent()
              ? Failure.unavailable("there is no %s", gone(e))
              : Failure.unavailable(
                  "the cluster at %s has no FashionTrainingJob: install the operator's chart"
                      + " (helm/fashion-training-operator)",
                  server);
      case 400, 422 -> Failure.usage("%s", invalid(e));
      default ->
          e.getCode() > 0
              ? Failure.unavailable("the API server says: %s", said(e))
              : Failure.unavailable("no cluster answers at %s: %s", server, cause(e));
    };
  }

  /** What is not there; empty where the API server does not know such things at all. */
  private static Optional<String> kind(KubernetesClientException e) {
    return Optional.ofNullable(e.getStatus())
        .map(Status::getDetails)
        .map(details -> details.getKind())
        .filter(kind -> !kind.isBlank());
  }

  private static String gone(KubernetesClientException e) {
    String kind = kind(e).orElseThrow();
    String one = kind.endsWith("s") ? kind.substring(0, kind.length() - 1) : kind;
    return Optional.ofNullable(e.getStatus().getDetails().getName())
        .map(name -> one + " " + name)
        .orElse(one);
  }

  /** Which right is missing. */
  private static String forbidden(String message) {
    Matcher matcher = FORBIDDEN.matcher(message);
    return matcher.find()
        ? "%s may not %s %s%s: ask for the verb %s on %s"
            .formatted(
                matcher.group(1),
                matcher.group(2),
                matcher.group(3),
                Optional.ofNullable(matcher.group(5)).map(in -> " in namespace " + in).orElse(""),
                matcher.group(2),
                Stream.of(matcher.group(3), matcher.group(4))
                    .filter(part -> part != null && !part.isEmpty())
                    .collect(Collectors.joining(".")))
        : "not allowed: " + message;
  }

  private static String invalid(KubernetesClientException e) {
    List<StatusCause> causes =
        Optional.ofNullable(e.getStatus())
            .map(Status::getDetails)
            .map(details -> details.getCauses())
            .orElse(List.of());
    return causes.isEmpty()
        ? "the job is not valid: " + said(e)
        : "the job is not valid:"
            + causes.stream()
                .map(
                    cause ->
                        "%n  %s: %s"
                            .formatted(
                                cause.getField(),
                                cause
                                    .getMessage()
                                    .replaceFirst("^Invalid value: \"object\": ", "")))
                .collect(Collectors.joining());
  }

  private static String said(KubernetesClientException e) {
    return Optional.ofNullable(e.getStatus())
        .map(Status::getMessage)
        .orElseGet(() -> String.valueOf(e.getMessage()));
  }

  private static String cause(Throwable e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof UnknownHostException
          || each instanceof java.nio.channels.UnresolvedAddressException) {
        return "its name is not known";
      }
      if (each instanceof SSLException) {
        return "its certificate is not trusted: " + each.getMessage();
      }
      if (each instanceof HttpTimeoutException) {
        return "it takes too long";
      }
      if (each instanceof ConnectException) {
        return "connection refused; is it running, and is this the right context?";
      }
    }
    return String.valueOf(e.getMessage());
  }
}
