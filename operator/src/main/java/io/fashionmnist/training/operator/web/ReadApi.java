package io.fashionmnist.training.operator.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.operator.backend.Backends;
import io.fashionmnist.training.operator.config.OperatorSettings;
import io.fashionmnist.training.operator.https.BearerToken;
import io.fashionmnist.training.operator.https.RequestRate;
import io.fashionmnist.training.operator.https.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/**
 * What people's programs ask: {@code POST /v1/namespaces/NAMESPACE/plan} with a job that is not in
 * the cluster, {@code GET /v1/namespaces/NAMESPACE/quota} and {@code GET /v1/quota}. Every replica
 * takes questions; all but the leader answer who leads, for the ledger is the leader's.
 */
public final class ReadApi implements Routes, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ReadApi.class);
  private static final long LARGEST_BODY = 262_144;
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final int BURST = 10;

  /** Questions under way at once: whoever makes up tokens costs the API server no more. */
  private static final int AT_ONCE = 16;

  private final JobPlans plans;
  private final Gate gate;
  private final QuotaView quotas;
  private final RequestRate rate;
  private final Manifest manifest = new Manifest();
  private final Semaphore underWay = new Semaphore(AT_ONCE);
  private final ObjectMapper json = new ObjectMapper();
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

  @FunctionalInterface
  private interface Question {
    Reply answer();
  }

  public ReadApi(
      OperatorSettings settings,
      InstantSource clock,
      Backends backends,
      Gate gate,
      QuotaView quotas) {
    plans = new JobPlans(settings, backends, clock);
    this.gate = gate;
    this.quotas = quotas;
    rate = new RequestRate(clock, INTERVAL, BURST);
  }

  @Override
  public void addTo(Router router) {
    router
        .post("/v1/namespaces/:namespace/plan")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
        .handler(this::plan)
        .failureHandler(ReadApi::tooLarge);
    router
        .get("/v1/namespaces/:namespace/quota")
        .handler(context -> quota(context, Optional.of(context.pathParam("namespace"))));
    router.get("/v1/quota").handler(context -> quota(context, Optional.empty()));
  }

  @Override
  public void close() {
    requests.close();
  }

  private void plan(RoutingContext context) {
    Optional<String> namespace = Optional.of(context.pathParam("namespace"));
    Buffer buffer = context.body().buffer();
    byte[] body = buffer == null ? new byte[0] : buffer.getBytes();
    serve(
        context,
        List.of(Right.to("create", namespace), Right.to("create", "plan", namespace)),
        () -> {
          try {
            return new Reply.Known(plans.of(manifest.read(body, namespace.get())));
          } catch (Manifest.UnusableException e) {
            return Reply.Refused.because(400, "%s", e.getMessage());
          }
        });
  }

  private void quota(RoutingContext context, Optional<String> namespace) {
    serve(context, QuotaView.rights(namespace), () -> new Reply.Known(quotas.known(namespace)));
  }

  private void serve(RoutingContext context, List<Right> oneOf, Question question) {
    String authorization =
        Optional.ofNullable(context.request().getHeader("Authorization")).orElse("");
    requests.execute(
        () -> {
          Reply reply = reply(authorization, oneOf, question);
          context.vertx().runOnContext(_ -> send(context, reply));
        });
  }

  /** What is asked first costs least. */
  private Reply reply(String authorization, List<Right> oneOf, Question question) {
    Optional<BearerToken> token = BearerToken.of(authorization);
    if (token.isEmpty()) {
      return Reply.Refused.because(401, "send a token of the cluster: Authorization: Bearer TOKEN");
    }
    if (!rate.allows(token.get().digest()) || !underWay.tryAcquire()) {
      return Reply.Refused.because(429, "too many questions; ask again in a few seconds");
    }
    try {
      return gate.obstacle(token.get(), oneOf).<Reply>map(each -> each).orElseGet(question::answer);
    } catch (KubernetesClientException e) {
      LOG.warnf("A question could not be answered: %s", e.getMessage());
      return Reply.Refused.because(
          503, "the API server does not answer the operator now; try again");
    } catch (RuntimeException e) {
      LOG.error("A question fails", e);
      return Reply.Refused.because(500, "the operator fails; its log says why");
    } finally {
      underWay.release();
    }
  }

  private void send(RoutingContext context, Reply reply) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    switch (reply) {
      case Reply.Known(Object body) -> json(context, 200, text(body));
      case Reply.Refused(int status, String message, var leader) -> {
        ObjectNode body = json.createObjectNode().put("message", message);
        leader.ifPresent(pod -> body.put("leader", pod));
        json(context, status, text(body));
      }
    }
  }

  private static void tooLarge(RoutingContext context) {
    if (context.statusCode() == 413) {
      json(context, 413, "{\"message\":\"at most %d bytes\"}".formatted(LARGEST_BODY));
    } else {
      context.next();
    }
  }

  private static void json(RoutingContext context, int status, String body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body);
  }

  private String text(Object body) {
    try {
      return json.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record that is no JSON", e);
    }
  }
}
