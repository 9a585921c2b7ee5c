package io.fashionmnist.training.operator.progress;

/**
 * What a post is answered with.
 *
 * @param status the HTTP status code
 * @param message what was wrong, and what to do; empty when nothing was
 */
record Answer(int status, String message) {
  static final Answer TAKEN = new Answer(204, "");

  boolean taken() {
    return status == TAKEN.status;
  }
}
