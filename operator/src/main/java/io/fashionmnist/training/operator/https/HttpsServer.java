package io.fashionmnist.training.operator.https;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Serves by HTTPS, on every replica, whether it leads or not; takes a renewed certificate up. */
public final class HttpsServer implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(HttpsServer.class);
  private static final int IDLE_SECONDS = 30;
  private static final Duration CERTIFICATE_READ_EVERY = Duration.ofHours(1);

  private final Vertx vertx;
  private final CertificateSecret secret;
  private final Consumer<String> told;
  private final Duration readEvery;
  private final ExecutorService reading = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Certificate certificate;
  private Optional<HttpServer> server = Optional.empty();
  private Optional<Long> timer = Optional.empty();

  /**
   * @param told told what clients have to trust, PEM, at the start and when it changes
   */
  public HttpsServer(Vertx vertx, CertificateSecret secret, Consumer<String> told) {
    this(vertx, secret, told, CERTIFICATE_READ_EVERY);
  }

  /**
   * @param told told what clients have to trust, PEM, at the start and when it changes
   * @param readEvery after what time the certificate is read again
   */
  public HttpsServer(
      Vertx vertx, CertificateSecret secret, Consumer<String> told, Duration readEvery) {
    this.vertx = vertx;
    this.secret = secret;
    this.told = told;
    this.readEvery = readEvery;
    certificate = secret.current();
  }

  /** What clients have to trust, PEM. */
  public String authority() {
    return certificate.authority();
  }

  /**
   * Begins to serve.
   *
   * @param port 0 for any
   * @return the port
   */
  public int start(int port, List<Routes> rooms) {
    Router router = Router.router(vertx);
    rooms.forEach(room -> room.addTo(router));
    HttpServer started =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setPort(port)
                    .setSsl(true)
                    .setKeyCertOptions(keys(certificate))
                    .setIdleTimeout(IDLE_SECONDS)
                    .setIdleTimeoutUnit(TimeUnit.SECONDS))
            .requestHandler(router)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    server = Optional.of(started);
    timer =
        Optional.of(
            vertx.setPeriodic(
                readEvery.toMillis(), _ -> reading.execute(() -> readCertificate(started))));
    told.accept(certificate.authority());
    LOG.infof("Serving by HTTPS on port %d", started.actualPort());
    return started.actualPort();
  }

  @Override
  public void close() {
    timer.ifPresent(vertx::cancelTimer);
    server.ifPresent(HttpServer::close);
    reading.close();
  }

  private void readCertificate(HttpServer running) {
    try {
      Certificate now = secret.current();
      if (!now.equals(certificate)) {
        HttpServerOptions options =
            new HttpServerOptions().setSsl(true).setKeyCertOptions(keys(now));
        running
            .updateSSLOptions(options.getSslOptions())
            .toCompletionStage()
            .toCompletableFuture()
            .join();
        certificate = now;
        told.accept(now.authority());
        LOG.info("Serving with another certificate");
      }
    } catch (RuntimeException e) {
      LOG.errorf("The certificate can't be read; the old one stays in use: %s", e.getMessage());
    }
  }

  private static PemKeyCertOptions keys(Certificate certificate) {
    return new PemKeyCertOptions()
        .setCertValue(Buffer.buffer(certificate.chain()))
        .setKeyValue(Buffer.buffer(certificate.key()));
  }
}
