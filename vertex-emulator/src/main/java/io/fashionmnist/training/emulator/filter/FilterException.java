package io.fashionmnist.training.emulator.filter;

/** A filter that cannot be read or does not fit the resource. */
public final class FilterException extends RuntimeException {
  /** With what is wrong. */
  public FilterException(String message) {
    super(message);
  }
}
