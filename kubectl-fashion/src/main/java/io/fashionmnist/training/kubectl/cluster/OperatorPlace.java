package io.fashionmnist.training.kubectl.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** Finds it: where it is said, else where the chart's documentation puts it, else anywhere. */
  static OperatorPlace find(Cluster cluster, Optional<String> namespace) {
    String where = namespace.orElse("fashion-training");
    ConfigMap named =
        cluster.ask(
            () -> cluster.client().configMaps().inNamespace(where).withName(CHART + "-api").get());
    return named != null ? of(named) : byLabel(cluster, namespace);
  }

  /** A release of another name, or in another namespace; not everyone may look there. */
  private static OperatorPlace byLabel(Cluster cluster, Optional<String> namespace) {
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
                  .getItems();
            });
    return switch (found.size()) {
      case 1 -> of(found.getFirst());
      case 0 ->
          throw Failure.unavailable(
              "no operator is found in %s: is its chart installed there, and ready?",
              namespace.map(each -> "namespace " + each).orElse("any namespace"));
      default ->
          throw Failure.usage(
              "there are several operators: choose one with --operator-namespace %s",
              String.join(
                  " or ", found.stream().map(each -> each.getMetadata().getNamespace()).toList()));
    };
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
