package io.fashionmnist.training.operator.https;

import io.vertx.ext.web.Router;

/** What a room serves. */
@FunctionalInterface
public interface Routes {
  /** Adds its paths to the server's. Handlers run on an event loop and must not block. */
  void addTo(Router router);
}
