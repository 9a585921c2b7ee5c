package io.fashionmnist.training.operator.web;

import io.fashionmnist.training.operator.https.BearerToken;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whose token a request brings: that of the header {@code Authorization: Bearer}, which a proxy may
 * add, or that of the session that signing in has made: a cookie with the token itself, that no
 * script can read and no other site can send.
 */
final class Session {
  private static final String COOKIE = "__Host-fashion-training";
  private static final Pattern TOKEN =
      Pattern.compile("[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x7e]{1,4000}");

  private Session() {}

  static Optional<BearerToken> token(RoutingContext context) {
    return Optional.ofNullable(context.request().getHeader(HttpHeaders.AUTHORIZATION))
        .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(header -> header.substring(7))
        .or(() -> Optional.ofNullable(context.request().getCookie(COOKIE)).map(Cookie::getValue))
        .flatMap(Session::token);
  }

  /** A token that a cookie can hold. */
  static Optional<BearerToken> token(String text) {
    return Optional.of(text.strip())
        .filter(each -> TOKEN.matcher(each).matches())
        .map(BearerToken::new);
  }

  static void begin(RoutingContext context, BearerToken token) {
    context.response().addCookie(cookie(token.text()));
  }

  static void end(RoutingContext context) {
    context.response().addCookie(cookie("").setMaxAge(0));
  }

  private static Cookie cookie(String value) {
    return Cookie.cookie(COOKIE, value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(true)
        .setSameSite(CookieSameSite.STRICT);
  }
}
