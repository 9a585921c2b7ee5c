package io.fashionmnist.training.operator.https;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.operator.config.OperatorSettings.ProgressSettings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The Secret that the certificate is kept in, so that all replicas serve the same one. The operator
 * makes and renews it, or, if it is told that it is external, only reads it.
 */
public final class CertificateSecret {
  private static final Logger LOG = Logger.getLogger(CertificateSecret.class);
  private static final int CONFLICT = 409;
  private static final String TYPE = "kubernetes.io/tls";
  private static final String AUTHORITY = "ca.crt";
  private static final String AUTHORITY_KEY = "ca.key";
  private static final String CHAIN = "tls.crt";
  private static final String KEY = "tls.key";

  private final KubernetesClient client;
  private final InstantSource clock;
  private final String namespace;
  private final ProgressSettings settings;
  private final CertificateIssuer issuer = new CertificateIssuer();

  /**
   * @param namespace the operator's own
   */
  public CertificateSecret(
      KubernetesClient client, InstantSource clock, String namespace, ProgressSettings settings) {
    this.client = client;
    this.clock = clock;
    this.namespace = namespace;
    this.settings = settings;
  }

  /**
   * The certificate to serve with; made or renewed where that is due.
   *
   * @throws IllegalStateException when the Secret holds no usable certificate
   */
  public Certificate current() {
    Instant now = clock.instant();
    Optional<Secret> secret = read();
    if (secret.isEmpty()) {
      if (external()) {
        throw unusable("it is not there");
      }
      return write(issuer.issue(settings.dnsNames(), now), Optional.empty());
    }
    Certificate found = certificate(secret.get());
    boolean ours = !external() && !found.authorityKey().isEmpty();
    if (!ours || (found.renewAt().isAfter(now) && names(found).containsAll(settings.dnsNames()))) {
      return found;
    }
    LOG.infof("Renewing the certificate in Secret %s", settings.secret());
    return write(issuer.renew(found, settings.dnsNames(), now), secret);
  }

  private boolean external() {
    return settings.issued().equals("External");
  }

  private Optional<Secret> read() {
    return Optional.ofNullable(
        client.secrets().inNamespace(namespace).withName(settings.secret()).get());
  }

  /** Another replica may be first: then its certificate counts. */
  private Certificate write(Certificate certificate, Optional<Secret> before) {
    Secret secret =
        before
            .map(SecretBuilder::new)
            .orElseGet(SecretBuilder::new)
            .editOrNewMetadata()
            .withName(settings.secret())
            .withNamespace(namespace)
            .endMetadata()
            .withType(TYPE)
            .withData(
                Map.of(
                    AUTHORITY, encoded(certificate.authority()),
                    AUTHORITY_KEY, encoded(certificate.authorityKey()),
                    CHAIN, encoded(certificate.chain()),
                    KEY, encoded(certificate.key())))
            .build();
    try {
      if (before.isPresent()) {
        client.resource(secret).update();
      } else {
        client.resource(secret).create();
      }
      return certificate;
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
      return certificate(read().orElseThrow(() -> unusable("it was deleted just now")));
    }
  }

  private Certificate certificate(Secret secret) {
    Map<String, String> data = Optional.ofNullable(secret.getData()).orElse(Map.of());
    for (String key : List.of(AUTHORITY, CHAIN, KEY)) {
      if (!data.containsKey(key)) {
        throw unusable("it has no " + key);
      }
    }
    String chain = decoded(data.get(CHAIN));
    X509Certificate server = parsed(chain);
    return new Certificate(
        decoded(data.get(AUTHORITY)),
        Optional.ofNullable(data.get(AUTHORITY_KEY)).map(CertificateSecret::decoded).orElse(""),
        chain,
        decoded(data.get(KEY)),
        CertificateIssuer.renewAt(
            server.getNotBefore().toInstant(), server.getNotAfter().toInstant()));
  }

  private List<String> names(Certificate certificate) {
    try {
      var names = parsed(certificate.chain()).getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream().map(name -> String.valueOf(name.get(1))).toList();
    } catch (CertificateParsingException e) {
      throw unusable("its names can't be read: " + e.getMessage());
    }
  }

  private X509Certificate parsed(String chain) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(chain.getBytes(StandardCharsets.US_ASCII)));
    } catch (CertificateException e) {
      throw unusable("%s is no certificate: %s".formatted(CHAIN, e.getMessage()));
    }
  }

  private IllegalStateException unusable(String why) {
    return new IllegalStateException(
        "Secret %s/%s can't be served with: %s%s"
            .formatted(
                namespace,
                settings.secret(),
                why,
                external() ? "" : "; delete it, and the operator makes another"));
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }
}
