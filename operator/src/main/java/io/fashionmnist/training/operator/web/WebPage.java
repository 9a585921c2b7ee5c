package io.fashionmnist.training.operator.web;

import io.fabric8.kubernetes.client.Config;
import io.fashionmnist.training.operator.https.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Serves the page. Whose token it is comes from the header {@code Authorization: Bearer}, which a
 * proxy may add, or from the session that signing in has made: a cookie with the token itself, that
 * no script can read and no other site can send.
 */
public final class WebPage implements Routes, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(WebPage.class);
  private static final String SESSION = "__Host-fashion-training";
  private static final Pattern TOKEN =
      Pattern.compile("[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x7e]{1,4000}");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final int LARGEST_FORM = 8_192;
  private static final int MOST_AT_ONCE = 16;
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self';"
          + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  private final JobReader jobs;
  private final InstantSource clock;
  private final Templates templates = new Templates();
  private final Semaphore asking = new Semaphore(MOST_AT_ONCE);
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

  /** What a request is answered with. */
  private record Page(int status, String html) {}

  /**
   * @param operator how the operator itself reaches the API server; its credentials are not used
   */
  public WebPage(Config operator, InstantSource clock) {
    this.jobs = new JobReader(operator);
    this.clock = clock;
  }

  @Override
  public void addTo(Router router) {
    router.get("/").handler(context -> redirect(context, "/jobs"));
    router.get("/jobs").handler(context -> page(context, token -> list(context, token)));
    router
        .get("/namespaces/:namespace/jobs/:name")
        .handler(context -> page(context, token -> one(context, token)));
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

  private Page list(RoutingContext context, String token) {
    Optional<String> namespace =
        Optional.ofNullable(context.request().getParam("namespace"))
            .map(String::strip)
            .filter(text -> !text.isEmpty());
    if (namespace.isPresent() && !NAME.matcher(namespace.get()).matches()) {
      return notThere("There is no namespace of that name.");
    }
    return switch (jobs.jobs(token, namespace)) {
      case Seen.It(var items) ->
          new Page(200, templates.jobs(JobsPage.of(namespace, items, clock.instant())));
      case Seen.Forbidden(String message) -> forbidden(message);
      case Seen.Nothing<?> _ -> notThere("The cluster knows no FashionTrainingJobs.");
      case Seen.Stranger<?> _ -> stranger();
    };
  }

  private Page one(RoutingContext context, String token) {
    String namespace = context.pathParam("namespace");
    String name = context.pathParam("name");
    if (!NAME.matcher(namespace).matches() || !NAME.matcher(name).matches()) {
      return notThere("There is no job of that name.");
    }
    return switch (jobs.job(token, namespace, name)) {
      case Seen.It(var job) -> new Page(200, templates.job(JobPage.of(job, clock.instant())));
      case Seen.Forbidden(String message) -> forbidden(message);
      case Seen.Nothing<?> _ ->
          notThere("There is no job %s in namespace %s.".formatted(name, namespace));
      case Seen.Stranger<?> _ -> stranger();
    };
  }

  private void login(RoutingContext context) {
    String token =
        Optional.ofNullable(context.request().getFormAttribute("token")).orElse("").strip();
    if (!TOKEN.matcher(token).matches()) {
      html(context, new Page(400, templates.login("That is no bearer token.")));
      return;
    }
    answer(
        context,
        () ->
            jobs.jobs(token, Optional.empty()) instanceof Seen.Stranger<?>
                ? Optional.of(stranger())
                : Optional.empty(),
        () -> {
          context.response().addCookie(session(token));
          redirect(context, "/jobs");
        });
  }

  private void logout(RoutingContext context) {
    context.response().addCookie(session("").setMaxAge(0));
    redirect(context, "/login");
  }

  private void page(RoutingContext context, Function<String, Page> made) {
    Optional<String> token = token(context);
    if (token.isEmpty()) {
      redirect(context, "/login");
      return;
    }
    answer(context, () -> Optional.of(made.apply(token.get())), () -> {});
  }

  /** Asks on another thread than the event loop's, and answers there. */
  private void answer(RoutingContext context, Supplier<Optional<Page>> made, Runnable otherwise) {
    if (!asking.tryAcquire()) {
      html(
          context,
          new Page(503, templates.notice("Busy", "Too many ask at once; try again.", false)));
      return;
    }
    requests.execute(
        () -> {
          Optional<Page> page;
          try {
            page = made.get();
          } catch (JobReader.Unanswered e) {
            page = Optional.of(new Page(502, templates.notice("No answer", e.getMessage(), false)));
          } catch (RuntimeException e) {
            LOG.error("A page fails", e);
            page =
                Optional.of(
                    new Page(
                        500,
                        templates.notice(
                            "Something is broken", "The operator's log says what.", false)));
          } finally {
            asking.release();
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

  private Page forbidden(String message) {
    return new Page(
        403,
        templates.notice(
            "Not allowed",
            message + ". The ClusterRole that ends in -view allows it; another namespace may, too.",
            true));
  }

  private Page notThere(String text) {
    return new Page(404, templates.notice("Not there", text, true));
  }

  private static Optional<String> token(RoutingContext context) {
    return Optional.ofNullable(context.request().getHeader(HttpHeaders.AUTHORIZATION))
        .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(header -> header.substring(7).strip())
        .or(() -> Optional.ofNullable(context.request().getCookie(SESSION)).map(Cookie::getValue))
        .filter(text -> TOKEN.matcher(text).matches());
  }

  private static Cookie session(String token) {
    return Cookie.cookie(SESSION, token)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(true)
        .setSameSite(CookieSameSite.STRICT);
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
