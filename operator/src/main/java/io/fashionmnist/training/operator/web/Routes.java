package io.fashionmnist.training.operator.web;

import io.vertx.ext.web.Router;

/** Some paths of the operator's HTTPS server. */
@FunctionalInterface
public interface Routes {
  void on(Router router);
}
