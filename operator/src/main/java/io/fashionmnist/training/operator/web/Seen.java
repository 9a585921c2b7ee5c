package io.fashionmnist.training.operator.web;

import java.util.function.Function;

/** What the API server showed to a viewer. */
sealed interface Seen<T> {
  /** What was asked for. */
  record It<T>(T value) implements Seen<T> {}

  /** It is not there. */
  record Nothing<T>() implements Seen<T> {}

  /**
   * The viewer may not see it.
   *
   * @param message the API server's words
   */
  record Forbidden<T>(String message) implements Seen<T> {}

  /** The token is none, or not valid any more. */
  record Stranger<T>() implements Seen<T> {}

  /** The same, told otherwise. */
  default <R> Seen<R> map(Function<T, R> told) {
    return switch (this) {
      case It(T value) -> new It<>(told.apply(value));
      case Nothing<T> _ -> new Nothing<>();
      case Forbidden<T>(String message) -> new Forbidden<>(message);
      case Stranger<T> _ -> new Stranger<>();
    };
  }
}
