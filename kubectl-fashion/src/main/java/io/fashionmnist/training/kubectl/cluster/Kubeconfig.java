package io.fashionmnist.training.kubectl.cluster;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which cluster, as whom and in which namespace, by kubectl's own rules.
 *
 * @param file instead of KUBECONFIG and ~/.kube/config
 * @param context instead of the current one
 * @param namespace instead of the context's
 */
public record Kubeconfig(
    Optional<Path> file, Optional<String> context, Optional<String> namespace) {
  private static final int CONNECT_MILLIS = 5_000;

  /** The connection that these mean. */
  Config config() {
    file.filter(path -> !Files.isReadable(path))
        .ifPresent(
            path -> {
              throw Failure.usage("--kubeconfig %s can't be read", path);
            });
    Config found =
        file.map(path -> Config.fromKubeconfig(context.orElse(null), path.toFile()))
            .orElseGet(() -> Config.autoConfigure(context.orElse(null)));
    context.ifPresent(name -> check(name, found));
    if (Optional.ofNullable(found.getContexts()).orElse(List.of()).isEmpty()
        && Optional.ofNullable(found.getOauthToken()).isEmpty()
        && Optional.ofNullable(found.getAutoOAuthToken()).isEmpty()) {
      throw Failure.unavailable(
          "no cluster is configured: set KUBECONFIG, or --kubeconfig FILE, to a file with a context");
    }
    return new ConfigBuilder(found)
        .withNamespace(
            namespace
                .or(() -> Optional.ofNullable(found.getNamespace()))
                .filter(name -> !name.isBlank())
                .orElse("default"))
        .withConnectionTimeout(CONNECT_MILLIS)
        .withRequestRetryBackoffLimit(1)
        .build();
  }

  private static void check(String name, Config config) {
    List<String> known =
        Optional.ofNullable(config.getContexts()).orElse(List.of()).stream()
            .map(NamedContext::getName)
            .toList();
    if (!known.contains(name)) {
      throw Failure.usage(
          "--context %s: no such context%s",
          name, known.isEmpty() ? "" : "; there are " + String.join(", ", known));
    }
  }
}
