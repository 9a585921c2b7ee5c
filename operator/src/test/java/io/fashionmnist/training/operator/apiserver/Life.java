package io.fashionmnist.training.operator.apiserver;

import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalInt;

/**
 * An operator's life as the world sees it: its calls. It ends before one of them, and from then on
 * no call of its leaves the process, whatever its code still does.
 */
final class Life implements Interceptor {
  private final InstantSource clock;
  private final Runnable heldUp;
  private OptionalInt left = OptionalInt.empty();
  private String last = "nothing";
  private String end = "";

  /**
   * @param heldUp what may happen to the rest of the world before a Job is made
   */
  Life(InstantSource clock, Runnable heldUp) {
    this.clock = clock;
    this.heldUp = heldUp;
  }

  /** Lets it end before the n-th call from now. */
  synchronized void endBeforeCall(int number) {
    left = OptionalInt.of(number);
  }

  /** Lets it go on after all, unless it has ended. */
  synchronized void spare() {
    left = OptionalInt.empty();
  }

  synchronized boolean over() {
    return !end.isEmpty();
  }

  /** Between which two calls it ended. */
  synchronized String end() {
    return end;
  }

  /** A call that is about to be made. */
  synchronized void call(String what) {
    if (over()) {
      throw new EndException();
    }
    if (left.isPresent()) {
      left = OptionalInt.of(left.getAsInt() - 1);
      if (left.getAsInt() == 0) {
        end = last + " | " + what;
        throw new EndException();
      }
    }
    last = what;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    String path = request.uri().getPath().replaceAll(".*/namespaces/[^/]+/", "");
    String what = request.method() + " " + path.replaceAll("^([^/]+)/[^/]+", "$1");
    Instant now = clock.instant();
    if (what.equals("POST jobs")) {
      heldUp.run();
    }
    call(what);
    // The time that a call has runs while the process is held up.
    RequestConfig config = tags.getTag(RequestConfig.class);
    if (config != null && clock.instant().isAfter(now.plusMillis(config.getRequestTimeout()))) {
      throw new LateException();
    }
  }

  /** The call took longer than it may. */
  static final class LateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LateException() {
      super("the call has timed out");
    }
  }

  /** There is nobody any more who could make the call. */
  static final class EndException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EndException() {
      super("the process has ended");
    }
  }
}
