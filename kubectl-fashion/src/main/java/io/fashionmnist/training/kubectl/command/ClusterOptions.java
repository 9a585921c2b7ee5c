package io.fashionmnist.training.kubectl.command;

import io.fashionmnist.training.kubectl.cluster.Cluster;
import io.fashionmnist.training.kubectl.cluster.Kubeconfig;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which cluster, as kubectl's options say it. */
final class ClusterOptions {
  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Namespace of the jobs. Default: the context's.")
  private String namespace;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "Context of the kubeconfig file. Default: the current one.")
  private String context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Default: KUBECONFIG, else ~/.kube/config.")
  private Path kubeconfig;

  Cluster connect() {
    return in(Optional.ofNullable(namespace));
  }

  /** Where the manifest's own namespace counts, as kubectl has it. */
  Cluster in(Optional<String> other) {
    return Cluster.of(
        new Kubeconfig(Optional.ofNullable(kubeconfig), Optional.ofNullable(context), other));
  }

  Optional<String> namespace() {
    return Optional.ofNullable(namespace);
  }
}
