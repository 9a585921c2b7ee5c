package io.fashionmnist.training.operator.web;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.operator.config.OperatorSettings;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Tells people's programs, in a ConfigMap, how the operator is reached and what to trust. Nothing
 * of it is secret.
 */
public final class Publication {
  private static final Logger LOG = Logger.getLogger(Publication.class);
  private static final int CONFLICT = 409;

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private final String namespace;

  /**
   * @param namespace the operator's own
   */
  public Publication(KubernetesClient client, OperatorSettings settings, String namespace) {
    this.client = client;
    this.settings = settings;
    this.namespace = namespace;
  }

  /**
   * Writes it, unless it says the same already. What can't be written is logged: trainers and jobs
   * need none of it.
   *
   * @param authority the certificate that clients have to trust, PEM
   */
  public void publish(String authority) {
    settings
        .api()
        .publishedIn()
        .ifPresent(
            name -> {
              try {
                write(name, data(authority));
              } catch (KubernetesClientException e) {
                if (e.getCode() != CONFLICT) {
                  LOG.warnf(
                      "ConfigMap %s/%s, by which kubectl fashion finds the operator, can't be"
                          + " written: %s",
                      namespace, name, e.getMessage());
                }
              }
            });
  }

  private Map<String, String> data(String authority) {
    Map<String, String> data = new TreeMap<>();
    data.put("ca.crt", authority);
    data.put("lease", settings.lease());
    data.put("port", settings.progress().port().toString());
    data.put("audience", Callers.AUDIENCE);
    settings.progress().dnsNames().stream()
        .findFirst()
        .ifPresent(name -> data.put("serverName", name));
    settings.api().reader().ifPresent(name -> data.put("serviceAccount", name));
    return data;
  }

  private void write(String name, Map<String, String> data) {
    ConfigMap before = client.configMaps().inNamespace(namespace).withName(name).get();
    if (before == null) {
      client
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withName(name)
                  .withNamespace(namespace)
                  .addToLabels("app.kubernetes.io/name", "fashion-training-operator")
                  .addToLabels("app.kubernetes.io/component", "api")
                  .endMetadata()
                  .withData(data)
                  .build())
          .create();
    } else if (!data.equals(before.getData())) {
      client.resource(new ConfigMapBuilder(before).withData(data).build()).update();
    }
  }
}
