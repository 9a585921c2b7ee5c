package io.fashionmnist.training.operator.web;

import java.util.Optional;

/** What a question is answered with. */
sealed interface Reply {
  /** The answer, which becomes JSON. */
  record Known(Object body) implements Reply {}

  /**
   * None.
   *
   * @param status the HTTP status code
   * @param message what was wrong, and what to do
   * @param leader the pod to ask instead
   */
  record Refused(int status, String message, Optional<String> leader) implements Reply {
    static Refused because(int status, String message, Object... values) {
      return new Refused(status, message.formatted(values), Optional.empty());
    }
  }
}
