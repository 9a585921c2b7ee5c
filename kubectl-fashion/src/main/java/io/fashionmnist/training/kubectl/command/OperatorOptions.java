package io.fashionmnist.training.kubectl.command;

import io.fashionmnist.training.kubectl.cluster.Cluster;
import io.fashionmnist.training.kubectl.cluster.OperatorApi;
import io.fashionmnist.training.kubectl.failure.Failure;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the operator is. */
final class OperatorOptions {
  @Option(
      names = "--operator-namespace",
      paramLabel = "NAME",
      description =
          "Namespace of the operator. Default: FASHION_OPERATOR_NAMESPACE, else fashion-training,"
              + " else wherever one is found.")
  private String namespace;

  @Option(
      names = "--operator-name",
      paramLabel = "NAME",
      description =
          "Name of the operator's Deployment, which a release of another name has. Default:"
              + " FASHION_OPERATOR_NAME, else fashion-training-operator, else whichever is found.")
  private String name;

  @Option(
      names = "--operator-url",
      paramLabel = "URL",
      description =
          "Where the operator is reached without a forwarded port: https://host:port. Default:"
              + " FASHION_OPERATOR_URL.")
  private String url;

  OperatorApi api(Cluster cluster, Surroundings surroundings) {
    Optional<String> address =
        Optional.ofNullable(url).or(() -> surroundings.variable("FASHION_OPERATOR_URL"));
    return new OperatorApi(
        cluster,
        address.map(OperatorOptions::parse),
        Optional.ofNullable(namespace)
            .or(() -> surroundings.variable("FASHION_OPERATOR_NAMESPACE")),
        Optional.ofNullable(name).or(() -> surroundings.variable("FASHION_OPERATOR_NAME")));
  }

  private static URI parse(String text) {
    try {
      URI uri = URI.create(text);
      if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw Failure.usage("--operator-url %s must be https://host:port", text);
  }
}
