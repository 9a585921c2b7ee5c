package io.fashionmnist.training.operator.progress;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fashionmnist.training.operator.https.Routes;
import io.fashionmnist.training.operator.metric.ProgressPosts;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/** Serves {@code POST /v1/namespaces/NAMESPACE/jobs/NAME/progress}. */
public final class ProgressRoute implements Routes, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ProgressRoute.class);
  private static final String PATH = "/v1/namespaces/:namespace/jobs/:name/progress";
  private static final long LARGEST_BODY = 65_536;

  private final ProgressReceiver receiver;
  private final ProgressPosts posts;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

  public ProgressRoute(KubernetesClient client, InstantSource clock, ProgressPosts posts) {
    this.posts = posts;
    receiver = new ProgressReceiver(client, clock);
  }

  @Override
  public void addTo(Router router) {
    // Named, so that another method is answered with 405.
    router
        .post(PATH)
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
        .handler(this::handle)
        .failureHandler(
            context -> {
              if (context.statusCode() == 413) {
                answer(context, new Answer(413, "at most %d bytes".formatted(LARGEST_BODY)));
              } else {
                context.next();
              }
            });
  }

  @Override
  public void close() {
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

  private void answer(RoutingContext context, Answer answer) {
    posts.answered(answer.status());
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
}
