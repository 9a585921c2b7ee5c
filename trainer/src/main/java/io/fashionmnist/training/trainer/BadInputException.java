package io.fashionmnist.training.trainer;

/**
 * What the user gave cannot work and trying again will not help: exit code 2.
 *
 * <p>The message is one line that says what is wrong, where, and what to do; it is all that the
 * user sees.
 */
public final class BadInputException extends RuntimeException {
  public BadInputException(String message) {
    super(message);
  }

  public BadInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
