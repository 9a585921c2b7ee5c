package io.fashionmnist.training.operator.backend.vertex;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Something that is done again and again on one thread, and goes on whatever fails. A failure is
 * told with its cause when it is a new one, and so is that it is over.
 */
final class Chore {
  private final String what;
  private final BiConsumer<Object, Throwable> trouble;
  private final Consumer<Object> news;
  private Optional<String> failure = Optional.empty();

  /**
   * @param what as in "failed: looking after the jobs"
   * @param trouble is told of failures
   * @param news is told that they are over
   */
  Chore(String what, BiConsumer<Object, Throwable> trouble, Consumer<Object> news) {
    this.what = what;
    this.trouble = trouble;
    this.news = news;
  }

  /** Does it once. */
  synchronized void run(Runnable once) {
    try {
      once.run();
      if (failure.isPresent()) {
        news.accept("Works again: " + what);
      }
      failure = Optional.empty();
    } catch (RuntimeException e) {
      Optional<String> now = Optional.of(e.toString());
      if (!now.equals(failure)) {
        trouble.accept("Failed, and is tried again: " + what, e);
      }
      failure = now;
    }
  }
}
