package io.fashionmnist.training.operator.web;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fashionmnist.training.operator.https.BearerToken;
import io.fashionmnist.training.operator.https.RequestRate;
import io.fashionmnist.training.operator.https.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Serves the page. Jobs are read from the API server with the viewer's token; quotas, which the
 * operator alone knows, are told to those whom the gate lets pass.
 */
public final class WebPage implements Routes, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(WebPage.class);
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final int LARGEST_FORM = 8_192;

  /** Pages under way at once. A proxy may show them to many with one token. */
  private static final int MOST_AT_ONCE = 16;

  private static final int MOST_OF_A_TOKEN = 8;
  private static final Duration INTERVAL = Duration.ofMillis(100);
  private static final int BURST = 30;
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self';"
          + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  private final JobReader jobs;
  private final InstantSource clock;
  private final Gate gate;
  private final QuotaView quotas;
  private final Templates templates = new Templates();
  private final RequestRate rate;
  private final Slots asking = new Slots(MOST_AT_ONCE, MOST_OF_A_TOKEN);
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

  /** What a request is answered with. */
  private record Page(int status, String html) {}

  /**
   * @param operator how the operator itself reaches the API server; its credentials are not used
   */
  public WebPage(Config operator, InstantSource clock, Gate gate, QuotaView quotas) {
    this.jobs = new JobReader(operator);
    this.clock = clock;
    this.gate = gate;
    this.quotas = quotas;
    rate = new RequestRate(clock, INTERVAL, BURST);
  }

  @Override
  public void addTo(Router router) {
    router.get("/").handler(context -> redirect(context, "/jobs"));
    router.get("/jobs").handler(context -> page(context, token -> list(context, token)));
    router
        .get("/namespaces/:namespace/jobs/:name")
        .handler(context -> page(context, token -> one(context, token)));
    router.get("/quota").handler(context -> page(context, token -> quota(context, token)));
    router.get("/login").handler(context -> html(context, new Page(200, templates.login(""))));
    router
        .post("/login")
        .handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM))
        .handler(this::login);
    router.post("/logout").handler(this::logout);
    for (Asset asset : Asset.all()) {
      router
          .get("/assets/" + asset.name())
          .handler(
              context ->
                  secured(context)
                      .putHeader(HttpHeaders.CONTENT_TYPE, asset.type() + "; charset=utf-8")
                      .putHeader(HttpHeaders.CACHE_CONTROL, "max-age=3600")
                      .end(Buffer.buffer(asset.content())));
    }
  }

  @Override
  public void close() {
    requests.close();
    jobs.close();
  }

  private Page list(RoutingContext context, BearerToken token) {
    Optional<String> namespace = namespace(context);
    if (namespace.filter(each -> !NAME.matcher(each).matches()).isPresent()) {
      return noNamespace("/jobs");
    }
    return switch (jobs.jobs(token, namespace)) {
      case Seen.It(var list) ->
          new Page(200, templates.jobs(JobsPage.of(namespace, list, clock.instant())));
      case Seen.Forbidden(String message) -> forbidden(message, "/jobs");
      case Seen.Nothing<?> _ -> notThere("The cluster knows no FashionTrainingJobs.", "/jobs");
      case Seen.Stranger<?> _ -> stranger();
    };
  }

  private Page one(RoutingContext context, BearerToken token) {
    String namespace = context.pathParam("namespace");
    String name = context.pathParam("name");
    if (!NAME.matcher(namespace).matches() || !NAME.matcher(name).matches()) {
      return notThere("There is no job of that name.", "/jobs");
    }
    return switch (jobs.job(token, namespace, name)) {
      case Seen.It(var job) -> new Page(200, templates.job(JobPage.of(job, clock.instant())));
      case Seen.Forbidden(String message) -> forbidden(message, "/jobs");
      case Seen.Nothing<?> _ ->
          notThere("There is no job %s in namespace %s.".formatted(name, namespace), "/jobs");
      case Seen.Stranger<?> _ -> stranger();
    };
  }

  private Page quota(RoutingContext context, BearerToken token) {
    Optional<String> namespace = namespace(context);
    if (namespace.filter(each -> !NAME.matcher(each).matches()).isPresent()) {
      return noNamespace("/quota");
    }
    return gate.obstacle(token, QuotaView.rights(namespace))
        .map(refused -> refused(refused, "/quota"))
        .orElseGet(() -> new Page(200, templates.quota(QuotaPage.of(quotas.known(namespace)))));
  }

  private Page refused(Reply.Refused refused, String path) {
    return switch (refused.status()) {
      case 401 -> stranger();
      case 403 -> forbidden(refused.message(), path);
      default -> new Page(refused.status(), templates.notice("Not now", refused.message() + "."));
    };
  }

  private void login(RoutingContext context) {
    Optional<BearerToken> token =
        Optional.ofNullable(context.request().getFormAttribute("token")).flatMap(Session::token);
    if (token.isEmpty()) {
      html(context, new Page(400, templates.login("That is no bearer token.")));
      return;
    }
    answer(
        context,
        token.get(),
        () -> jobs.knows(token.get()) ? Optional.empty() : Optional.of(stranger()),
        () -> {
          Session.begin(context, token.get());
          redirect(context, "/jobs");
        });
  }

  private void logout(RoutingContext context) {
    Session.end(context);
    redirect(context, "/login");
  }

  private void page(RoutingContext context, Function<BearerToken, Page> made) {
    Optional<BearerToken> token = Session.token(context);
    if (token.isEmpty()) {
      redirect(context, "/login");
      return;
    }
    answer(context, token.get(), () -> Optional.of(made.apply(token.get())), () -> {});
  }

  /** Asks on another thread than the event loop's, and answers there. */
  private void answer(
      RoutingContext context,
      BearerToken token,
      Supplier<Optional<Page>> made,
      Runnable otherwise) {
    String key = token.digest();
    if (!rate.allows(key) || !asking.take(key)) {
      context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
      html(context, new Page(429, templates.notice("Busy", "Too many ask at once; try again.")));
      return;
    }
    requests.execute(
        () -> {
          Optional<Page> page;
          try {
            page = made.get();
          } catch (JobReader.Unanswered e) {
            page = Optional.of(new Page(502, templates.notice("No answer", e.getMessage())));
          } catch (KubernetesClientException e) {
            LOG.warnf("A page could not be made: %s", e.getMessage());
            page =
                Optional.of(
                    new Page(
                        502,
                        templates.notice(
                            "No answer", "The API server does not answer the operator now.")));
          } catch (RuntimeException e) {
            LOG.error("A page fails", e);
            page =
                Optional.of(
                    new Page(
                        500,
                        templates.notice("Something is broken", "The operator's log says what.")));
          } finally {
            asking.giveBack(key);
          }
          Optional<Page> result = page;
          context
              .vertx()
              .runOnContext(_ -> result.ifPresentOrElse(each -> html(context, each), otherwise));
        });
  }

  private Page stranger() {
    return new Page(401, templates.login("The cluster does not know this token, or not any more."));
  }

  private Page forbidden(String message, String elsewhere) {
    return new Page(
        403,
        templates.notice(
            "Not allowed",
            message + ". The ClusterRole that ends in -view allows it; another namespace may, too.",
            elsewhere));
  }

  private Page notThere(String text, String elsewhere) {
    return new Page(404, templates.notice("Not there", text, elsewhere));
  }

  private Page noNamespace(String elsewhere) {
    return notThere("There is no namespace of that name.", elsewhere);
  }

  /** The namespace that is asked for; empty: all. */
  private static Optional<String> namespace(RoutingContext context) {
    return Optional.ofNullable(context.request().getParam("namespace"))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  private static void redirect(RoutingContext context, String path) {
    secured(context).setStatusCode(303).putHeader(HttpHeaders.LOCATION, path).end();
  }

  private static void html(RoutingContext context, Page page) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    secured(context)
        .setStatusCode(page.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(page.html());
  }

  private static HttpServerResponse secured(RoutingContext context) {
    return context
        .response()
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer");
  }
}
