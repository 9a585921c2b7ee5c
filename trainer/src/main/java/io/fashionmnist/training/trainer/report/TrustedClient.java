package io.fashionmnist.training.trainer.report;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An HTTP client that trusts the certificates in a file, and follows when the file changes. */
final class TrustedClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  private final Optional<Path> caFile;
  private byte[] trusted = new byte[0];
  private HttpClient client;

  /**
   * @param caFile PEM certificates; without it the Java runtime's own are trusted
   */
  TrustedClient(Optional<Path> caFile) {
    this.caFile = caFile;
  }

  /** The client for the certificates as they are now. */
  synchronized HttpClient get() throws IOException {
    byte[] pem = caFile.isPresent() ? Files.readAllBytes(caFile.get()) : new byte[0];
    if (client == null || !Arrays.equals(pem, trusted)) {
      HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT);
      if (caFile.isPresent()) {
        builder.sslContext(trusting(pem));
      }
      close();
      client = builder.build();
      trusted = pem;
    }
    return client;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
      client = null;
    }
  }

  private SSLContext trusting(byte[] pem) throws IOException {
    try {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (certificates.isEmpty()) {
        throw new IOException("no certificate in " + caFile.orElseThrow());
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "no certificates in %s: %s".formatted(caFile.orElseThrow(), e.getMessage()), e);
    }
  }
}
