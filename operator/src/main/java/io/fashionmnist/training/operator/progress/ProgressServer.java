package io.fashionmnist.training.operator.progress;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.operator.web.Routes;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Serves {@code POST /v1/namespaces/NAMESPACE/jobs/NAME/progress} by HTTPS, and what others add.
 * Every replica does, whether it leads or not.
 */
public final class ProgressServer implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ProgressServer.class);
  private static final String PATH = "/v1/namespaces/:namespace/jobs/:name/progress";
  private static final long LARGEST_BODY = 65_536;
  private static final int IDLE_SECONDS = 30;
  private static final Duration CERTIFICATE_READ_EVERY = Duration.ofHours(1);

  private final Vertx vertx;
  private final ProgressReceiver receiver;
  private final CertificateSecret secret;
  private final Consumer<String> told;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Certificate certificate;
  private Optional<HttpServer> server = Optional.empty();
  private Optional<Long> timer = Optional.empty();

  /**
   * @param told told what clients have to trust, PEM, at the start and when it changes
   */
  public ProgressServer(
      Vertx vertx,
      KubernetesClient client,
      InstantSource clock,
      CertificateSecret secret,
      Consumer<String> told) {
    this.vertx = vertx;
    this.secret = secret;
    this.told = told;
    receiver = new ProgressReceiver(client, clock);
    certificate = secret.current();
  }

  /** What a trainer has to trust, PEM. */
  public String authority() {
    return certificate.authority();
  }

  /**
   * Begins to serve.
   *
   * @param port 0 for any
   * @param more what is served besides
   * @return the port
   */
  public int start(int port, Routes more) {
    Router router = Router.router(vertx);
    // Named, so that another method is answered with 405.
    router
        .post(PATH)
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
        .handler(this::handle);
    more.on(router);
    router.errorHandler(404, context -> answer(context, new Answer(404, "nothing is served here")));
    router.errorHandler(
        405, context -> answer(context, new Answer(405, "this path takes another method")));
    router.errorHandler(
        413,
        context -> answer(context, new Answer(413, "at most %d bytes".formatted(LARGEST_BODY))));
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
                CERTIFICATE_READ_EVERY.toMillis(),
                _ -> requests.execute(() -> readCertificate(started))));
    told.accept(certificate.authority());
    LOG.infof("Progress is taken on port %d", started.actualPort());
    return started.actualPort();
  }

  @Override
  public void close() {
    timer.ifPresent(vertx::cancelTimer);
    server.ifPresent(HttpServer::close);
    requests.close();
  }

  private void handle(RoutingContext context) {
    Buffer body = context.body().buffer();
    String authorization =
        Optional.ofNullable(context.request().getHeader("Authorization")).orElse("");
    requests.execute(
        () -> {
          Answer answer;
          try {
            answer =
                receiver.receive(
                    context.pathParam("namespace"),
                    context.pathParam("name"),
                    authorization,
                    body == null ? new byte[0] : body.getBytes());
          } catch (RuntimeException e) {
            LOG.error("A progress post fails", e);
            answer = new Answer(500, "the operator fails; its log says why");
          }
          Answer result = answer;
          context.vertx().runOnContext(_ -> answer(context, result));
        });
  }

  private static void answer(RoutingContext context, Answer answer) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    context.response().setStatusCode(answer.status());
    if (answer.taken()) {
      context.response().end();
    } else {
      context
          .response()
          .putHeader("Content-Type", "application/json")
          .end(new JsonObject().put("message", answer.message()).encode());
    }
  }

  private void readCertificate(HttpServer running) {
    try {
      Certificate now = secret.current();
      if (!now.equals(certificate)) {
        certificate = now;
        HttpServerOptions options =
            new HttpServerOptions().setSsl(true).setKeyCertOptions(keys(now));
        running.updateSSLOptions(options.getSslOptions());
        LOG.info("Serving progress with another certificate");
        told.accept(now.authority());
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
