package io.fashionmnist.training.kubectl.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the operator is reached, as it tells in its ConfigMap.
 *
 * @param namespace its own
 * @param authority what its certificate rests on, PEM
 * @param serverName what its certificate is for
 * @param lease name of the Lease that says which replica leads
 * @param port of its pods
 * @param audience whom a token for it is for
 * @param serviceAccount whom people without a token ask as
 */
record OperatorPlace(
    String namespace,
    String authority,
    String serverName,
    String lease,
    int port,
    String audience,
    Optional<String> serviceAccount) {
  private static final String CHART = "fashion-training-operator";
  private static final String SUFFIX = "-api";
  private static final int FORBIDDEN = 403;

  /**
   * Finds it: where it is said, else where the chart's documentation puts it, else anywhere.
   *
   * @param name its Deployment's
   */
  static OperatorPlace find(Cluster cluster, Optional<String> namespace, Optional<String> name) {
    String where = namespace.orElse("fashion-training");
    String map = name.orElse(CHART) + SUFFIX;
    ConfigMap named = cluster.ask(() -> read(cluster, where, map));
    return named != null ? of(named) : byLabel(cluster, namespace, name);
  }

  private static ConfigMap read(Cluster cluster, String namespace, String name) {
    try {
      return cluster.client().configMaps().inNamespace(namespace).withName(name).get();
    } catch (KubernetesClientException e) {
      if (e.getCode() == FORBIDDEN) {
        throw Failure.unavailable(
            "you may not read ConfigMap %s in namespace %s, which says how the operator is reached:"
                + " if it has another place or name, say it with --operator-namespace and"
                + " --operator-name; else ask to be in api.subjects of its chart",
            name, namespace);
      }
      throw e;
    }
  }

  /** A release of another name, or in another namespace; not everyone may look there. */
  private static OperatorPlace byLabel(
      Cluster cluster, Optional<String> namespace, Optional<String> name) {
    List<ConfigMap> found =
        cluster.ask(
            () -> {
              var maps = cluster.client().configMaps();
              return (namespace.isPresent()
                      ? maps.inNamespace(namespace.get())
                      : maps.inAnyNamespace())
                      .withLabel("app.kubernetes.io/name", CHART)
                      .withLabel("app.kubernetes.io/component", "api")
                      .list()
                      .getItems()
                      .stream()
                      .filter(
                          each ->
                              name.isEmpty()
                                  || each.getMetadata().getName().equals(name.get() + SUFFIX))
                      .toList();
            });
    return switch (found.size()) {
      case 1 -> of(found.getFirst());
      case 0 ->
          throw Failure.unavailable(
              "no operator%s is found in %s: is its chart installed there, and ready?",
              name.map(each -> " " + each).orElse(""),
              namespace.map(each -> "namespace " + each).orElse("any namespace"));
      default ->
          throw Failure.usage(
              "there are several operators: choose one with %s",
              found.stream().map(OperatorPlace::options).collect(Collectors.joining(" or ")));
    };
  }

  private static String options(ConfigMap map) {
    return "--operator-namespace %s --operator-name %s"
        .formatted(
            map.getMetadata().getNamespace(),
            map.getMetadata().getName().replaceFirst(SUFFIX + "$", ""));
  }

  static OperatorPlace of(ConfigMap map) {
    Map<String, String> data = Optional.ofNullable(map.getData()).orElse(Map.of());
    for (String key : List.of("ca.crt", "serverName", "lease", "port", "audience")) {
      if (!data.containsKey(key)) {
        throw Failure.unavailable(
            "ConfigMap %s/%s has no %s: is it this operator's?",
            map.getMetadata().getNamespace(), map.getMetadata().getName(), key);
      }
    }
    return new OperatorPlace(
        map.getMetadata().getNamespace(),
        data.get("ca.crt"),
        data.get("serverName"),
        data.get("lease"),
        Integer.parseInt(data.get("port")),
        data.get("audience"),
        Optional.ofNullable(data.get("serviceAccount")));
  }
}
