package io.fashionmnist.training.bench;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The service account that an operator is measured under: it may do everything. */
final class OperatorAccount {
  static final String NAMESPACE = "bench-operator";
  static final String NAME = "operator";

  private static final long A_DAY = 86_400;

  private OperatorAccount() {}

  /** Makes the account and writes a kubeconfig for it. */
  static void create(KubernetesClient client, Path kubeconfig) throws IOException {
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .create();
    var account =
        client
            .resource(
                new ServiceAccountBuilder()
                    .withNewMetadata()
                    .withNamespace(NAMESPACE)
                    .withName(NAME)
                    .endMetadata()
                    .build())
            .create();
    client
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
                .addNewSubject("", "ServiceAccount", NAME, NAMESPACE)
                .build())
        .create();
    String token =
        client
            .serviceAccounts()
            .resource(account)
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(A_DAY)
                    .endSpec()
                    .build())
            .getStatus()
            .getToken();
    Files.writeString(kubeconfig, kubeconfig(client.getConfiguration(), token));
  }

  private static String kubeconfig(Config config, String token) {
    return """
    apiVersion: v1
    kind: Config
    current-context: bench
    clusters:
      - {name: bench, cluster: {server: "%s", certificate-authority-data: "%s"}}
    contexts:
      - {name: bench, context: {cluster: bench, user: operator}}
    users:
      - {name: operator, user: {token: "%s"}}
    """
        .formatted(config.getMasterUrl(), config.getCaCertData(), token);
  }
}
